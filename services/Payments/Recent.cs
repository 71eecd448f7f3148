namespace Ticketing.Payments;

/// <summary>Ids seen not long ago. Forgetting one costs only doing a harmless thing twice.</summary>
sealed class Recent(int max)
{
    readonly Lock gate = new();
    readonly HashSet<string> known = [];
    readonly Queue<string> order = [];

    public bool Contains(string id)
    {
        lock (gate)
            return known.Contains(id);
    }

    public void Add(string id)
    {
        lock (gate)
        {
            if (!known.Add(id))
                return;
            order.Enqueue(id);
            if (order.Count > max)
                known.Remove(order.Dequeue());
        }
    }
}
