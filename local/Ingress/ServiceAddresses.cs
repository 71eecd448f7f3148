namespace Ticketing.Ingress;

/// <summary>The addresses of each service's replicas, like the Service objects of a cluster.</summary>
sealed class ServiceAddresses(IReadOnlyDictionary<string, IReadOnlyList<Uri>> replicas)
{
    int _turn;

    public static ServiceAddresses From(IConfiguration addresses, IEnumerable<string> names) =>
        new(names.ToDictionary(name => name, name => Read(name, addresses[name])));

    static IReadOnlyList<Uri> Read(string name, string? addresses) => addresses is null
        ? throw new InvalidOperationException($"Ingress:Services:{name} is not set.")
        : [.. addresses.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(address => new Uri(address))];

    public ServiceAddresses And(ServiceAddresses others) => new(replicas.Concat(others.All).ToDictionary());

    IReadOnlyDictionary<string, IReadOnlyList<Uri>> All => replicas;

    /// <summary>All replicas of a service; each call starts with the next one (round robin).</summary>
    public IEnumerable<Uri> Replicas(string service)
    {
        var all = replicas[service];
        var first = (int)((uint)Interlocked.Increment(ref _turn) % (uint)all.Count);
        return all.Skip(first).Concat(all.Take(first));
    }
}
