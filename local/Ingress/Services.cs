namespace Ticketing.Ingress;

/// <summary>Where the replicas of each service listen: the Service objects of a cluster.</summary>
sealed class Services(IReadOnlyDictionary<string, IReadOnlyList<Uri>> replicas)
{
    int _turn;

    public static Services From(IConfiguration addresses, IEnumerable<string> names) =>
        new(names.ToDictionary(name => name, name => Read(name, addresses[name])));

    static IReadOnlyList<Uri> Read(string name, string? addresses) => addresses is null
        ? throw new InvalidOperationException($"Ingress:Services:{name} is not set.")
        : [.. addresses.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(address => new Uri(address))];

    public Services And(Services others) => new(replicas.Concat(others.All).ToDictionary());

    IReadOnlyDictionary<string, IReadOnlyList<Uri>> All => replicas;

    /// <summary>Every replica of a service, each time beginning with the next.</summary>
    public IEnumerable<Uri> Replicas(string service)
    {
        var all = replicas[service];
        var first = (int)((uint)Interlocked.Increment(ref _turn) % (uint)all.Count);
        return all.Skip(first).Concat(all.Take(first));
    }
}
