namespace Ticketing.Sidecar.Actors;

/// <summary>Reminders on disk: one row each in the actor state store, with a key prefix that the state API cannot
/// write.</summary>
sealed class ReminderStore(IStateStore store, ILogger log)
{
    const string Prefix = "||reminders||";

    static readonly Dictionary<string, string> NoMetadata = [];

    /// <exception cref="StateStoreException">It was not saved.</exception>
    public async Task Save(Reminder reminder, CancellationToken ct)
    {
        var row = JsonSerializer.SerializeToUtf8Bytes(reminder, SidecarJson.Default.Reminder);
        Require(await store.SetAsync(
            new StateSet(Prefix + reminder.Key, row, null, StateConcurrency.Unspecified, NoMetadata), ct));
    }

    /// <exception cref="StateStoreException">It was not deleted.</exception>
    public async Task Delete(string key, CancellationToken ct) =>
        Require(await store.DeleteAsync(
            new StateDelete(Prefix + key, null, StateConcurrency.Unspecified, NoMetadata), ct));

    /// <summary>Every reminder of a type's actors.</summary>
    /// <exception cref="StateStoreException">They could not be read.</exception>
    public async Task<IReadOnlyList<Reminder>> Load(string type, CancellationToken ct)
    {
        var reminders = new List<Reminder>();
        await foreach (var (key, item) in store.ScanAsync($"{Prefix}{type}||", ct))
        {
            try
            {
                reminders.Add(JsonSerializer.Deserialize(item.Value.Span, SidecarJson.Default.Reminder)!);
            }
            catch (JsonException e)
            {
                // One row that cannot be read must not keep the others from coming.
                Log.ReminderUnreadable(log, key, e.Message);
            }
        }

        return reminders;
    }

    static void Require(StateOutcome outcome)
    {
        if (!outcome.IsDone) throw new StateStoreException(outcome.Detail ?? $"{outcome.Refusal}");
    }
}
