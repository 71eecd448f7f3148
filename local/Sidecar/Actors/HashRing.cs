using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Ticketing.Sidecar.Actors;

/// <summary>Consistent hashing: adding or removing a host moves only that host's share of the actors.</summary>
sealed class HashRing<THost> where THost : class
{
    /// <summary>Points of one host on the ring; Dapr's placement uses as many.</summary>
    const int PointsPerHost = 100;

    readonly ulong[] _points;
    readonly THost[] _owners;

    public HashRing(IEnumerable<(string Name, THost Host)> hosts)
    {
        var ring = hosts
            .SelectMany(h => Enumerable.Range(0, PointsPerHost).Select(i => (Point: Hash($"{h.Name}{i}"), h.Host)))
            .OrderBy(p => p.Point)
            .ToArray();
        _points = [.. ring.Select(p => p.Point)];
        _owners = [.. ring.Select(p => p.Host)];
    }

    /// <summary>The host that owns the key; null if there are no hosts.</summary>
    public THost? Owner(string key)
    {
        if (_points.Length == 0)
            return null;
        var at = Array.BinarySearch(_points, Hash(key));
        return _owners[(at < 0 ? ~at : at) % _points.Length];
    }

    static ulong Hash(string text)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), digest);
        return BinaryPrimitives.ReadUInt64LittleEndian(digest);
    }
}
