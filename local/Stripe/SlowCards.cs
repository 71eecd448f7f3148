using Microsoft.Data.Sqlite;

namespace Ticketing.StripeServer;

/// <summary>The bank's late answers to the slow test card.</summary>
sealed class SlowCards(Database database, TimeProvider clock, ILogger<SlowCards> log) : BackgroundService
{
    static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                if (database.Read(books => books.AnyDelayed())) await database.Write(AnswerAll, ct);
            }
            catch (SqliteException why)
            {
                log.RoundFailed(why);
            }

            await Task.Delay(PollEvery, clock, ct);
        }
    }

    static int AnswerAll(Books books)
    {
        var due = books.TakeDelayed();
        foreach (var id in due) Bank.Processed(books, books.Intent(id)!);
        return due.Count;
    }
}
