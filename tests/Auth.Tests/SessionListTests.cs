using Microsoft.Extensions.Time.Testing;
using Ticketing.Testing;

namespace Ticketing.Auth.Tests;

public sealed class SessionListTests
{
    const string Ada = "ada@example.com";
    const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    readonly FakeTimeProvider clock = new(new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero));

    static async Task<List<string>> Ids(Shop shop, string session)
    {
        var reply = await shop.SessionsOf(session);
        Reply.Is(200, null, reply);
        return [.. reply.Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!)];
    }

    [Fact]
    public async Task A_person_sees_where_they_are_signed_in_and_nobody_elses()
    {
        await using var shop = await Shop.Open(clock);
        var home = await shop.SignUp(Ada);
        await shop.SignUp("eve@example.com");
        clock.Advance(TimeSpan.FromMinutes(5));
        await shop.SignIn(Ada, from: "2001:db8::7", agent: Firefox);
        var items = (await shop.SessionsOf(home.Session)).Json.GetProperty("items");
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
        await using var shop = await Shop.Open(clock);
        var (home, away) = (await shop.SignUp(Ada), await shop.SignIn(Ada));
        var ids = await Ids(shop, home.Session);
        var ended = await shop.End(home.Session, ids[0]);
        Reply.Is(204, null, ended);
        Assert.Empty(ended.SetCookies);
        Reply.Is(401, null, await shop.Me(away.Session));
        Assert.Equal([ids[1]], await Ids(shop, home.Session));
        Reply.Is(204, null, await shop.End(home.Session, ids[0]));

        var own = await shop.End(home.Session, ids[1]);
        Reply.Is(204, null, own);
        Assert.Equal(2, own.SetCookies.Count);
        Reply.Is(401, null, await shop.Me(home.Session));
    }

    [Fact]
    public async Task Nobody_ends_somebody_elses_session()
    {
        await using var shop = await Shop.Open(clock);
        var (ada, eve) = (await shop.SignUp(Ada), await shop.SignUp("eve@example.com"));
        Reply.Is(204, null, await shop.End(eve.Session, (await Ids(shop, ada.Session)).Single()));
        Reply.Is(200, null, await shop.Me(ada.Session));
        Reply.Is(404, null, await shop.End(eve.Session, "NOT-AN-ID"));
        Reply.Is(401, null, await shop.End(null));
        Reply.Is(401, null, await shop.SessionsOf(null));
    }

    [Fact]
    public async Task Signing_out_everywhere_ends_all_sessions_and_only_the_persons_own()
    {
        await using var shop = await Shop.Open(clock);
        var eve = await shop.SignUp("eve@example.com");
        var sessions = new[] { await shop.SignUp(Ada), await shop.SignIn(Ada), await shop.SignIn(Ada) };
        var all = await shop.End(sessions[1].Session);
        Reply.Is(204, null, all);
        Assert.Equal(2, all.SetCookies.Count);
        foreach (var session in sessions)
            Reply.Is(401, null, await shop.Me(session.Session));
        Reply.Is(200, null, await shop.Me(eve.Session));
        Assert.Single(await Ids(shop, (await shop.SignIn(Ada)).Session));
    }

    [Fact]
    public async Task A_sign_out_and_a_sign_in_from_the_same_browser_leave_the_list_as_it_should_be()
    {
        await using var shop = await Shop.Open(clock);
        var (home, away) = (await shop.SignUp(Ada), await shop.SignIn(Ada));
        var again = await shop.SignIn(Ada, cookies: away.Session);
        Assert.Equal(2, (await Ids(shop, home.Session)).Count);
        await shop.SignOut(again.Session);
        Assert.Single(await Ids(shop, home.Session));
    }

    [Fact]
    public async Task Of_too_many_sessions_the_oldest_ends()
    {
        await using var shop = await Shop.Open(clock, args: "--RateLimits:Multiplier=100");
        var sessions = new List<string> { (await shop.SignUp(Ada)).Session };
        for (var i = 0; i < Account.SessionsMax; i++)
            sessions.Add((await shop.SignIn(Ada)).Session);
        Reply.Is(401, null, await shop.Me(sessions[0]));
        Reply.Is(200, null, await shop.Me(sessions[1]));
        Assert.Equal(Account.SessionsMax, (await Ids(shop, sessions[^1])).Count);
    }

    [Fact]
    public async Task What_ran_out_by_itself_is_not_listed_and_not_announced()
    {
        await using var shop = await Shop.Open(clock);
        await shop.SignUp(Ada);
        clock.Advance(TimeSpan.FromHours(2));
        Assert.Single(await Ids(shop, (await shop.SignIn(Ada)).Session));
        Assert.Empty(shop.Host.Sidecar.Published);
    }

    [Fact]
    public async Task A_renewal_is_seen_in_the_list_and_what_is_not_in_it_is_not_renewed()
    {
        var store = new InMemoryStore();
        await using var shop = await Shop.Open(clock, store);
        var up = await shop.SignUp(Ada);
        clock.Advance(TimeSpan.FromMinutes(40));
        var renewed = (await shop.Me(up.Session)).Session;
        var item = (await shop.SessionsOf(renewed)).Json.GetProperty("items")[0];
        Assert.Equal(clock.GetUtcNow(), item.GetProperty("renewedAt").GetDateTimeOffset());
        Assert.Equal(clock.GetUtcNow().AddMinutes(-40), item.GetProperty("beganAt").GetDateTimeOffset());

        // As an account from before there was a list: its sessions are good until their token runs out.
        var key = store.Keys.Single(key => key.StartsWith("user:", StringComparison.Ordinal));
        var account = store.Get(key)!.Value;
        var text = System.Text.Encoding.UTF8.GetString(account.Value.Span);
        var start = text.IndexOf("\"sessions\":[", StringComparison.Ordinal);
        var end = text.IndexOf(']', start);
        Assert.True(await shop.Host.Sidecar.Save(key, System.Text.Encoding.UTF8.GetBytes(
            text.Remove(start, end - start + 2)), account.ETag, default));
        clock.Advance(TimeSpan.FromMinutes(40));
        var me = await shop.Me(renewed);
        Reply.Is(200, null, me);
        Assert.Empty(me.SetCookies);
        Assert.Empty(await Ids(shop, renewed));
        Reply.Is(204, null, await shop.End(renewed));
        Reply.Is(401, null, await shop.Me(renewed));
    }

    [Fact]
    public async Task No_request_writes_but_a_renewal()
    {
        var store = new InMemoryStore();
        await using var shop = await Shop.Open(clock, store);
        var session = (await shop.SignUp(Ada)).Session;
        string? Account() =>
            store.Get(store.Keys.Single(key => key.StartsWith("user:", StringComparison.Ordinal)))!.Value.ETag;
        var before = Account();
        for (var i = 0; i < 5; i++)
        {
            await shop.Me(session);
            await shop.SessionsOf(session);
        }
        Assert.Equal(before, Account());
        clock.Advance(TimeSpan.FromMinutes(31));
        await shop.Me(session);
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
