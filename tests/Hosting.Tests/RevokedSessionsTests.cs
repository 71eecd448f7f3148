using Microsoft.Extensions.Time.Testing;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Hosting.Tests;

public sealed class RevokedSessionsTests
{
    static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    readonly FakeTimeProvider clock = new(Noon);

    static User Ann(DateTimeOffset signedInAt) => new(new("ann"), "", "s1") { SignedInAt = signedInAt };

    [Fact]
    public void A_mark_ends_every_session_that_began_before_it_and_no_later_one()
    {
        var sessions = new RevokedSessions(clock);
        var mark = SessionRevoked.EverySession(new("ann"), Noon, Noon.AddHours(1));
        Assert.True(sessions.Add(mark));
        Assert.False(sessions.Add(mark));
        Assert.True(sessions.Contains(Ann(Noon.AddSeconds(-1))));
        Assert.True(sessions.Contains(Ann(default)));               // a token without the time of the sign-in
        Assert.False(sessions.Contains(Ann(Noon)));
        Assert.False(sessions.Contains(Ann(Noon.AddHours(-1)) with { Id = new("ben") }));

        var later = SessionRevoked.EverySession(new("ann"), Noon.AddMinutes(5), Noon.AddHours(1));
        Assert.True(sessions.Add(later));
        Assert.False(sessions.Add(mark));
        Assert.True(sessions.Contains(Ann(Noon)));
        Assert.NotEqual(Event.Of(mark).Id, Event.Of(later).Id);
    }

    [Fact]
    public void It_is_forgotten_when_the_last_token_has_run_out()
    {
        var sessions = new RevokedSessions(clock);
        sessions.Add(SessionRevoked.EverySession(new("ann"), Noon, Noon.AddHours(1)));
        clock.Advance(TimeSpan.FromHours(2));
        sessions.Add(new("other", new("ben"), clock.GetUtcNow().AddHours(1)));
        Assert.False(sessions.Contains(Ann(Noon.AddSeconds(-1))));
    }
}
