using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Ticketing.Contracts;

namespace Ticketing.Common;

/// <summary>
/// Limits the open event streams of this process per user, per address block and in total, and ends each when its
/// session ends.
/// </summary>
public sealed class EventStreams(RevokedSessions revoked, IConfiguration configuration, TimeProvider clock)
{
    /// <summary><c>Retry-After</c> of a refusal: a closed stream is noticed at its next heartbeat.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(15);
    const int StreamsMax = 10_000;
    /// <summary>A browser's tabs share one stream per kind of page; an office may share one address.</summary>
    const int PerUserMax = 20, PerAddressMax = 50;

    readonly int perUserMax = Max(configuration, "Streams:PerUserMax", PerUserMax);
    readonly int perAddressMax = Max(configuration, "Streams:PerAddressMax", PerAddressMax);
    readonly Lock gate = new();
    readonly Dictionary<UserId, int> users = [];
    readonly Dictionary<AddressBlock, int> addresses = [];
    int count;

    public int Count
    {
        get { lock (gate) return count; }
    }

    /// <summary>Counts the stream of this request until the request ends.</summary>
    /// <returns>Null if the user or the address has too many open.</returns>
    /// <exception cref="TryAgainException">Too many are open in total.</exception>
    public OpenStream? TryOpen(HttpContext context)
    {
        var user = User.From(context.User);
        var address = AddressBlock.Of(context.Connection.RemoteIpAddress);
        lock (gate)
        {
            if (count >= StreamsMax)
                throw new TryAgainException("Too many live streams are open.");
            if (addresses.GetValueOrDefault(address) >= perAddressMax
                || user is not null && users.GetValueOrDefault(user.Id) >= perUserMax)
                return null;
            count++;
            Add(addresses, address, 1);
            if (user is not null)
                Add(users, user.Id, 1);
        }
        var end = EndOf(context.User);
        var stream = new OpenStream(() => IsSessionOver(user, end), () => Release(user, address));
        // Also if the client disconnects before the first event is read.
        context.Response.RegisterForDispose(stream);
        return stream;
    }

    bool IsSessionOver(User? user, DateTimeOffset end) =>
        user is not null && (revoked.Contains(user) || clock.GetUtcNow() >= end);

    // A token is accepted for ClockSkew after its end: a stream opened in that time lasts until then.
    DateTimeOffset EndOf(ClaimsPrincipal principal)
    {
        var end = long.TryParse(principal.FindFirstValue("exp"), NumberStyles.None, CultureInfo.InvariantCulture,
            out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : DateTimeOffset.MinValue;
        return clock.GetUtcNow() < end ? end : end + SessionToken.ClockSkew;
    }

    void Release(User? user, AddressBlock address)
    {
        lock (gate)
        {
            count--;
            Add(addresses, address, -1);
            if (user is not null)
                Add(users, user.Id, -1);
        }
    }

    static void Add<TKey>(Dictionary<TKey, int> counts, TKey key, int by) where TKey : notnull
    {
        var sum = counts.GetValueOrDefault(key) + by;
        if (sum > 0)
            counts[key] = sum;
        else
            counts.Remove(key);
    }

    static int Max(IConfiguration configuration, string name, int byDefault) =>
        configuration.GetValue(name, byDefault) * configuration.GetValue("RateLimits:Multiplier", 1);
}

/// <summary>One counted stream. Disposing it more than once is harmless.</summary>
public sealed class OpenStream(Func<bool> isSessionOver, Action onDispose) : IDisposable
{
    int disposed;

    /// <summary>
    /// The events until the session ends, which is checked before each event. A heartbeat is an event too, so the
    /// stream ends at most one heartbeat after its session, and sends nothing after it.
    /// </summary>
    public async IAsyncEnumerable<T> UntilSessionEnds<T>(IAsyncEnumerable<T> events)
    {
        await foreach (var item in events)
        {
            if (isSessionOver())
                yield break;
            yield return item;
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0)
            onDispose();
    }
}
