using Microsoft.Data.Sqlite;

namespace Ticketing.StripeServer;

/// <summary>Completes payments by the slow test card after their delay.</summary>
sealed class SlowCards(Database database, TimeProvider clock, ILogger<SlowCards> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var changed = database.Changed;
            var next = clock.GetUtcNow() + DueWait.Longest;
            try
            {
                next = database.Read(store => store.NextDelayed()) ?? next;
                if (next <= clock.GetUtcNow()) await database.Write(AnswerAll, ct);
            }
            catch (SqliteException why)
            {
                log.RoundFailed(why);
            }

            await DueWait.Until(next, changed, clock, ct);
        }
    }

    static int AnswerAll(StripeStore store)
    {
        var due = store.TakeDelayed();
        foreach (var id in due) IntentTransitions.Processed(store, store.Intent(id)!);
        return due.Count;
    }
}
