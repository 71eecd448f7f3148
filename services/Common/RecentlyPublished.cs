namespace Ticketing.Common;

/// <summary>
/// Which events this instance published itself not long ago: the next save may leave them out of the outbox. Forgetting
/// costs only a second publish, so two generations of bounded size do.
/// </summary>
sealed class RecentlyPublished
{
    const int GenerationSize = 20_000;
    readonly Lock gate = new();
    HashSet<string> young = [], old = [];

    public bool Contains(string eventId)
    {
        lock (gate)
            return young.Contains(eventId) || old.Contains(eventId);
    }

    public void Add(string eventId)
    {
        lock (gate)
        {
            young.Add(eventId);
            if (young.Count > GenerationSize)
                (young, old) = ([], young);
        }
    }
}
