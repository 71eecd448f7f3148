namespace Ticketing.Conformance;

/// <summary>
/// The cases that are replayed, many at a time: mostly they wait. <c>CONFORMANCE</c> chooses fewer by the beginning of
/// their names: <c>pubsub.redis</c>, <c>actors.idle</c>.
/// </summary>
static class Cases
{
    const int AtOnceMax = 16;
    static readonly TimeSpan CaseMax = TimeSpan.FromMinutes(5);

    static readonly SemaphoreSlim Slots = new(AtOnceMax);

    public static IReadOnlyList<Recording> Replayable { get; } =
        [.. Recording.All.Where(recording => !LeftOut.Has(recording.Name))];

    public static IReadOnlyList<Recording> Replayed { get; } = [.. Replayable
        .Where(recording => recording.Name.StartsWith(Environment.GetEnvironmentVariable("CONFORMANCE") ?? "", StringComparison.Ordinal))];

    // The longest first, so that none is left over at the end.
    static readonly Lazy<Dictionary<string, Task<IReadOnlyList<string>>>> Runs = new(() => Replayed
        .OrderByDescending(recording => recording.Duration).ToDictionary(recording => recording.Name, RunAsync));

    /// <returns>The differences.</returns>
    public static Task<IReadOnlyList<string>> ResultAsync(string name) => Runs.Value[name];

    static async Task<IReadOnlyList<string>> RunAsync(Recording recording)
    {
        await Slots.WaitAsync();
        using var deadline = new CancellationTokenSource(CaseMax);
        try
        {
            var differences = await Task.Run(() => Replay.RunAsync(recording, deadline.Token), deadline.Token);
            // Times are part of what is compared, and a shared machine is late at times: what differs is done once more.
            return DifferencesPage.Unexplained(recording.Name, differences) is []
                ? differences : await Replay.RunAsync(recording, deadline.Token);
        }
        finally
        {
            Slots.Release();
        }
    }
}
