using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Ticketing.Contracts;

namespace Ticketing.Common;

/// <summary>
/// Counts the open event streams of this process per user, per address block and in all, and ends each with the
/// session that opened it.
/// </summary>
public sealed class EventStreams(RevokedSessions revoked, IConfiguration configuration, TimeProvider clock)
{
    /// <summary>When to come again after "too many": a closed browser's stream is noticed within a heartbeat.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(15);
    const int StreamsMax = 10_000;
    /// <summary>A browser's tabs share one stream per page kind; an office may share one address.</summary>
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

    /// <summary>A place for the stream this request asks for; the end of the request gives it back.</summary>
    /// <returns>Null if the user or the address has too many.</returns>
    /// <exception cref="TryAgainException">Too many are open in all.</exception>
    public StreamPlace? TryOpen(HttpContext context)
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
        var place = new StreamPlace(() => IsOver(user, end), () => Leave(user, address));
        // Also a stream whose client leaves before its first event is read gives its place back.
        context.Response.RegisterForDispose(place);
        return place;
    }

    bool IsOver(User? user, DateTimeOffset end) =>
        user is not null && (revoked.Contains(user) || clock.GetUtcNow() >= end);

    // A token is accepted for a little while after its end: a stream opened in that time lasts until the end of it.
    DateTimeOffset EndOf(ClaimsPrincipal principal)
    {
        var end = long.TryParse(principal.FindFirstValue("exp"), NumberStyles.None, CultureInfo.InvariantCulture,
            out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : DateTimeOffset.MinValue;
        return clock.GetUtcNow() < end ? end : end + SessionToken.ClockSkew;
    }

    void Leave(User? user, AddressBlock address)
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

    static int Max(IConfiguration configuration, string name, int unlessSaid) =>
        configuration.GetValue(name, unlessSaid) * configuration.GetValue("RateLimits:Multiplier", 1);
}

/// <summary>One open stream's place; disposed of once, however often.</summary>
public sealed class StreamPlace(Func<bool> isOver, Action leave) : IDisposable
{
    int left;

    /// <summary>
    /// The events until the session ends. It is asked before each event, and a heartbeat is one: so a stream ends
    /// within a heartbeat of its session, and tells nothing after it.
    /// </summary>
    public async IAsyncEnumerable<T> UntilOver<T>(IAsyncEnumerable<T> events)
    {
        await foreach (var item in events)
        {
            if (isOver())
                yield break;
            yield return item;
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref left, 1) == 0)
            leave();
    }
}
