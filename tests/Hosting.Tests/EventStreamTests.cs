using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;
using Ticketing.Common;

namespace Ticketing.Hosting.Tests;

public sealed class EventStreamTests
{
    static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    readonly FakeTimeProvider clock = new(Noon);
    readonly RevokedSessions revoked;
    readonly EventStreams streams;

    public EventStreamTests()
    {
        revoked = new(clock);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            [new("Streams:PerUserMax", "2"), new("Streams:PerAddressMax", "3")]).Build();
        streams = new(revoked, configuration, clock);
    }

    static DefaultHttpContext Request(string? user, string address, DateTimeOffset? expires = null)
    {
        var end = (expires ?? Noon.AddHours(1)).ToUnixTimeSeconds();
        var identity = user is null ? new ClaimsIdentity()
            : new([new("sub", user), new("sid", $"session-of-{user}"), new("exp", $"{end}")], "test");
        return new DefaultHttpContext
        {
            User = new(identity),
            Connection = { RemoteIpAddress = IPAddress.Parse(address) },
        };
    }

    static async IAsyncEnumerable<int> Count()
    {
        for (var i = 1; ; i++)
        {
            await Task.CompletedTask;
            yield return i;
        }
    }

    [Fact]
    public void A_user_has_a_few_streams_from_wherever_and_gets_each_place_back_once()
    {
        var first = streams.TryOpen(Request("ann", "1.1.1.1"))!;
        Assert.NotNull(streams.TryOpen(Request("ann", "1.1.1.2")));
        Assert.Null(streams.TryOpen(Request("ann", "1.1.1.3")));
        Assert.NotNull(streams.TryOpen(Request("ben", "1.1.1.3")));
        first.Dispose();
        first.Dispose();
        Assert.NotNull(streams.TryOpen(Request("ann", "1.1.1.3")));
        Assert.Null(streams.TryOpen(Request("ann", "1.1.1.4")));
        Assert.Equal(3, streams.Count);
    }

    [Fact]
    public void An_address_block_has_some_streams_whoever_opens_them()
    {
        var first = streams.TryOpen(Request(null, "2001:db8::1"))!;
        Assert.NotNull(streams.TryOpen(Request("ann", "2001:db8::2")));
        Assert.NotNull(streams.TryOpen(Request("ben", "2001:db8::3")));
        Assert.Null(streams.TryOpen(Request(null, "2001:db8::4")));
        Assert.Null(streams.TryOpen(Request("cay", "2001:db8::4")));
        Assert.NotNull(streams.TryOpen(Request("cay", "2001:db8:0:1::4")));
        first.Dispose();
        Assert.NotNull(streams.TryOpen(Request("cay", "2001:db8::4")));
    }

    [Fact]
    public async Task A_sign_out_ends_its_streams_before_the_next_event()
    {
        var anns = streams.TryOpen(Request("ann", "1.1.1.1"))!.UntilSessionEnds(Count()).GetAsyncEnumerator();
        var bens = streams.TryOpen(Request("ben", "1.1.1.1"))!.UntilSessionEnds(Count()).GetAsyncEnumerator();
        var anyones = streams.TryOpen(Request(null, "1.1.1.1"))!.UntilSessionEnds(Count()).GetAsyncEnumerator();
        Assert.True(await anns.MoveNextAsync());
        revoked.Add(new("session-of-ann", new("ann"), Noon.AddHours(1)));
        Assert.False(await anns.MoveNextAsync());
        Assert.True(await bens.MoveNextAsync());
        Assert.True(await anyones.MoveNextAsync());
    }

    [Fact]
    public async Task A_stream_ends_with_its_token_and_one_opened_with_the_last_of_it_a_little_later()
    {
        var end = Noon.AddMinutes(10);
        var early = streams.TryOpen(Request("ann", "1.1.1.1", end))!.UntilSessionEnds(Count()).GetAsyncEnumerator();
        clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        Assert.True(await early.MoveNextAsync());
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await early.MoveNextAsync());

        var late = streams.TryOpen(Request("ann", "1.1.1.1", end))!.UntilSessionEnds(Count()).GetAsyncEnumerator();
        Assert.True(await late.MoveNextAsync());
        clock.Advance(SessionToken.ClockSkew);
        Assert.False(await late.MoveNextAsync());
    }
}
