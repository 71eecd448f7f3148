using Microsoft.Extensions.Time.Testing;
using Ticketing.Testing;

namespace Ticketing.Auth.Tests;

public sealed class SessionListTests
{
    const string Ada = "ada@example.com";
    const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    readonly FakeTimeProvider clock = new(new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero));

    static async Task<List<string>> Ids(AuthHost auth, string session)
    {
        var reply = await auth.SessionsOf(session);
        Reply.Is(200, null, reply);
        return [.. reply.Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!)];
    }

    [Fact]
    public async Task A_person_sees_where_they_are_signed_in_and_nobody_elses()
    {
        await using var auth = await AuthHost.Open(clock);
        var home = await auth.SignUp(Ada);
        await auth.SignUp("eve@example.com");
        clock.Advance(TimeSpan.FromMinutes(5));
        await auth.SignIn(Ada, from: "2001:db8::7", agent: Firefox);
        var items = (await auth.SessionsOf(home.Session)).Json.GetProperty("items");
        Assert.Equal(2, items.GetArrayLength());
        var (away, here) = (items[0], items[1]);
        Assert.Equal("Firefox on Linux", away.GetProperty("browser").GetString());
        Assert.Equal("2001:db8::/64", away.GetProperty("from").GetString());
        Assert.Equal(clock.GetUtcNow(), away.GetProperty("beganAt").GetDateTimeOffset());
        Assert.False(away.GetProperty("current").GetBoolean());
        Assert.True(here.GetProperty("current").GetBoolean());
        Assert.Equal("127.0.0.1", here.GetProperty("from").GetString());
    }

    [Fact]
    public async Task One_session_is_ended_and_the_others_go_on()
    {
        await using var auth = await AuthHost.Open(clock);
        var (home, away) = (await auth.SignUp(Ada), await auth.SignIn(Ada));
        var ids = await Ids(auth, home.Session);
        var ended = await auth.End(home.Session, ids[0]);
        Reply.Is(204, null, ended);
        Assert.Empty(ended.SetCookies);
        Reply.Is(401, null, await auth.Me(away.Session));
        Assert.Equal([ids[1]], await Ids(auth, home.Session));
        Reply.Is(204, null, await auth.End(home.Session, ids[0]));

        var own = await auth.End(home.Session, ids[1]);
        Reply.Is(204, null, own);
        Assert.Equal(2, own.SetCookies.Count);
        Reply.Is(401, null, await auth.Me(home.Session));
    }

    [Fact]
    public async Task Nobody_ends_somebody_elses_session()
    {
        await using var auth = await AuthHost.Open(clock);
        var (ada, eve) = (await auth.SignUp(Ada), await auth.SignUp("eve@example.com"));
        Reply.Is(204, null, await auth.End(eve.Session, (await Ids(auth, ada.Session)).Single()));
        Reply.Is(200, null, await auth.Me(ada.Session));
        Reply.Is(404, null, await auth.End(eve.Session, "NOT-AN-ID"));
        Reply.Is(401, null, await auth.End(null));
        Reply.Is(401, null, await auth.SessionsOf(null));
    }

    [Fact]
    public async Task Signing_out_everywhere_ends_all_sessions_and_only_the_persons_own()
    {
        await using var auth = await AuthHost.Open(clock);
        var eve = await auth.SignUp("eve@example.com");
        var sessions = new[] { await auth.SignUp(Ada), await auth.SignIn(Ada), await auth.SignIn(Ada) };
        var all = await auth.End(sessions[1].Session);
        Reply.Is(204, null, all);
        Assert.Equal(2, all.SetCookies.Count);
        foreach (var session in sessions)
            Reply.Is(401, null, await auth.Me(session.Session));
        Reply.Is(200, null, await auth.Me(eve.Session));
        Assert.Single(await Ids(auth, (await auth.SignIn(Ada)).Session));
    }

    [Fact]
    public async Task A_sign_out_and_a_sign_in_from_the_same_browser_leave_the_list_as_it_should_be()
    {
        await using var auth = await AuthHost.Open(clock);
        var (home, away) = (await auth.SignUp(Ada), await auth.SignIn(Ada));
        var again = await auth.SignIn(Ada, cookies: away.Session);
        Assert.Equal(2, (await Ids(auth, home.Session)).Count);
        await auth.SignOut(again.Session);
        Assert.Single(await Ids(auth, home.Session));
    }

    [Fact]
    public async Task Of_too_many_sessions_the_oldest_ends()
    {
        await using var auth = await AuthHost.Open(clock, args: "--RateLimits:Multiplier=100");
        var sessions = new List<string> { (await auth.SignUp(Ada)).Session };
        for (var i = 0; i < Account.SessionsMax; i++)
            sessions.Add((await auth.SignIn(Ada)).Session);
        Reply.Is(401, null, await auth.Me(sessions[0]));
        Reply.Is(200, null, await auth.Me(sessions[1]));
        Assert.Equal(Account.SessionsMax, (await Ids(auth, sessions[^1])).Count);
    }

    [Fact]
    public async Task What_ran_out_by_itself_is_not_listed_and_not_announced()
    {
        await using var auth = await AuthHost.Open(clock);
        await auth.SignUp(Ada);
        clock.Advance(TimeSpan.FromHours(2));
        Assert.Single(await Ids(auth, (await auth.SignIn(Ada)).Session));
        Assert.Empty(auth.Host.Sidecar.Published);
    }

    [Fact]
    public async Task A_renewal_is_seen_in_the_list_and_what_is_not_in_it_is_not_renewed()
    {
        var store = new InMemoryStore();
        await using var auth = await AuthHost.Open(clock, store);
        var up = await auth.SignUp(Ada);
        clock.Advance(TimeSpan.FromMinutes(40));
        var renewed = (await auth.Me(up.Session)).Session;
        var item = (await auth.SessionsOf(renewed)).Json.GetProperty("items")[0];
        Assert.Equal(clock.GetUtcNow(), item.GetProperty("renewedAt").GetDateTimeOffset());
        Assert.Equal(clock.GetUtcNow().AddMinutes(-40), item.GetProperty("beganAt").GetDateTimeOffset());

        // Like an account older than the list of sessions: its sessions are valid until their tokens expire.
        var key = store.Keys.Single(key => key.StartsWith("user:", StringComparison.Ordinal));
        var account = store.Get(key)!.Value;
        var text = System.Text.Encoding.UTF8.GetString(account.Value.Span);
        var start = text.IndexOf("\"sessions\":[", StringComparison.Ordinal);
        var end = text.IndexOf(']', start);
        Assert.True(await auth.Host.Sidecar.Save(key, System.Text.Encoding.UTF8.GetBytes(
            text.Remove(start, end - start + 2)), account.ETag, default));
        clock.Advance(TimeSpan.FromMinutes(40));
        var me = await auth.Me(renewed);
        Reply.Is(200, null, me);
        Assert.Empty(me.SetCookies);
        Assert.Empty(await Ids(auth, renewed));
        Reply.Is(204, null, await auth.End(renewed));
        Reply.Is(401, null, await auth.Me(renewed));
    }

    [Fact]
    public async Task No_request_writes_but_a_renewal()
    {
        var store = new InMemoryStore();
        await using var auth = await AuthHost.Open(clock, store);
        var session = (await auth.SignUp(Ada)).Session;
        string? Account() =>
            store.Get(store.Keys.Single(key => key.StartsWith("user:", StringComparison.Ordinal)))!.Value.ETag;
        var before = Account();
        for (var i = 0; i < 5; i++)
        {
            await auth.Me(session);
            await auth.SessionsOf(session);
        }
        Assert.Equal(before, Account());
        clock.Advance(TimeSpan.FromMinutes(31));
        await auth.Me(session);
        Assert.NotEqual(before, Account());
    }

    [Theory]
    [InlineData(Firefox, "Firefox on Linux")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0", "Edge on Windows")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari on iPhone")]
    [InlineData("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android")]
    [InlineData("curl/8.9", "curl")]
    [InlineData("<script>alert(1)</script>", "unknown")]
    [InlineData("", "unknown")]
    public void A_browser_is_called_by_words_of_ours(string agent, string name) =>
        Assert.Equal(name, BrowserName.Of(agent));
}
