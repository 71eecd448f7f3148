using Microsoft.Data.Sqlite;

namespace Ticketing.StripeServer;

/// <summary>Completes payments by the slow test card after their delay.</summary>
sealed class SlowCards(Database database, TimeProvider clock, ILogger<SlowCards> log) : BackgroundService
{
    static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                if (database.Read(store => store.AnyDelayed())) await database.Write(AnswerAll, ct);
            }
            catch (SqliteException why)
            {
                log.RoundFailed(why);
            }

            await Task.Delay(PollEvery, clock, ct);
        }
    }

    static int AnswerAll(StripeStore store)
    {
        var due = store.TakeDelayed();
        foreach (var id in due) IntentTransitions.Processed(store, store.Intent(id)!);
        return due.Count;
    }
}
