using Microsoft.Extensions.Logging;

namespace Ticketing.Aggregates;

/// <summary>
/// Publishes the snapshots of unsettled aggregates that this process saved again after 2 s, 4 s … 60 s, until the other
/// services have answered: a message that the broker accepted may still be lost.
/// </summary>
public sealed class Repeats
{
    readonly Journal journal;
    readonly ILogger<Repeats> log;
    readonly DueList waiting;

    internal Repeats(Journal journal, Random random, ILogger<Repeats> log, TimeProvider clock) =>
        (this.journal, this.log, waiting) = (journal, log, new(random, clock));

    internal void Add(IRecoverable store, string id, JournalEntry entry) => waiting.Add(store, id, [entry]);

    internal IReadOnlyList<JournalEntry> Remove(IRecoverable store, string id) => waiting.Remove(store, id);

    /// <summary>Repeats everything that is due, once.</summary>
    public Task RepeatDue() => waiting.VisitDue(async item =>
    {
        try
        {
            if (!await item.Store.Repeat(item.Id))
                return;
            waiting.Remove(item);
            journal.Leave(item.Entries);
        }
        catch (Exception e) when (e is not OperationCanceledException)   // one broken aggregate stops no other
        {
            log.VisitFailed(e, item.Key);
        }
    });
}
