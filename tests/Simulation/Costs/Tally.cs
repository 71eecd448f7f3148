namespace Ticketing.Simulation.Costs;

/// <summary>The calls that leave a process.</summary>
enum Cost
{
    /// <summary>One call to the state store: a get, a bulk get, a save or a transaction, however many keys it names.</summary>
    State,
    Publish,
    /// <summary>A message that the sidecar hands to an app; one that no routing rule matches is not handed over.</summary>
    Delivery,
    Stripe,
    /// <summary>A call of an actor's method; setting or deleting a reminder or timer.</summary>
    Actor,
}

/// <summary>Counts the calls of each app.</summary>
sealed class Tally
{
    Dictionary<(string App, Cost Cost), int> counts = [];
    List<string> calls = [];

    /// <summary>Each call in order, to be read when a count is too high.</summary>
    public IReadOnlyList<string> Calls => calls;

    /// <summary>False while a test looks at the outcome.</summary>
    public bool IsOn { get; set; } = true;

    public void Add(string app, Cost cost, string what)
    {
        if (!IsOn)
            return;
        counts[(app, cost)] = this[app, cost] + 1;
        calls.Add($"{app,-10} {cost,-8} {what}");
    }

    public int this[string app, Cost cost] => counts.GetValueOrDefault((app, cost));
    public int this[Cost cost] => counts.Where(count => count.Key.Cost == cost).Sum(count => count.Value);

    /// <summary>What was counted so far; this one begins again at zero.</summary>
    public Tally Take()
    {
        var taken = new Tally { counts = counts, calls = calls };
        (counts, calls) = ([], []);
        return taken;
    }
}

/// <summary>A sidecar whose calls are counted.</summary>
sealed class CountingSidecar(ISidecar inner, string app, Tally tally) : ISidecar
{
    public Task<Stored?> Get(string key, CancellationToken ct)
    {
        tally.Add(app, Cost.State, $"get {key}");
        return inner.Get(key, ct);
    }

    public Task<IReadOnlyDictionary<string, Stored>> Get(IReadOnlyList<string> keys, CancellationToken ct)
    {
        tally.Add(app, Cost.State, $"get {string.Join(", ", keys)}");
        return inner.Get(keys, ct);
    }

    public Task<bool> Save(string key, ReadOnlyMemory<byte> value, string? etag, CancellationToken ct)
    {
        tally.Add(app, Cost.State, $"save {key}");
        return inner.Save(key, value, etag, ct);
    }

    public Task Transact(IReadOnlyList<StateWrite> writes, CancellationToken ct)
    {
        tally.Add(app, Cost.State, $"write {string.Join(", ", writes.Select(write => write.Key))}");
        return inner.Transact(writes, ct);
    }

    public Task Publish(Contracts.Event message, CancellationToken ct)
    {
        tally.Add(app, Cost.Publish, $"{message.Type} {message.Id}");
        return inner.Publish(message, ct);
    }
}
