using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Ticketing.Common;
using Ticketing.Contracts;
using Ticketing.Testing;

namespace Ticketing.Auth.Tests;

public sealed class SessionTests
{
    readonly FakeTimeProvider clock = new(new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("", true)]
    [InlineData("--Cookies:AllowHttp=true", false)]
    public async Task Cookies_are_secure_unless_the_machine_serves_plain_http(string arg, bool secure)
    {
        await using var auth = await AuthHost.Open(args: arg.Length > 0 ? [arg] : []);
        var up = await auth.SignUp("ada@example.com");
        Assert.Equal(2, up.SetCookies.Count);
        foreach (var cookie in up.SetCookies)
        {
            var parts = cookie.Split("; ").Skip(1).ToList();
            Assert.Contains("httponly", parts);
            Assert.Contains("samesite=lax", parts);
            Assert.Contains("path=/", parts);
            Assert.DoesNotContain(parts, part => part.StartsWith("domain", StringComparison.Ordinal));
            Assert.Equal(secure, parts.Contains("secure"));
        }
    }

    [Fact]
    public async Task Behind_https_cookies_are_secure_whatever_is_configured()
    {
        await using var auth = await AuthHost.Open(args: "--Cookies:AllowHttp=true");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/users/signup")
        {
            Content = JsonContent.Create(new { email = "ada@example.com", password = AuthHost.Password }),
        };
        request.Headers.Add("X-Forwarded-Proto", "https");
        var reply = await Reply.Of(await auth.Host.Anonymous.SendAsync(request));
        Assert.Equal(["__Host-device", "__Host-session"], reply.SetCookies.Select(cookie => cookie.Split('=')[0]).Order());
        Assert.All(reply.SetCookies, cookie =>
        {
            Assert.Contains("; secure", cookie, StringComparison.Ordinal);
            Assert.Contains("; path=/;", cookie, StringComparison.Ordinal);
            Assert.DoesNotContain("domain", cookie, StringComparison.OrdinalIgnoreCase);
        });
    }

    [Fact]
    public async Task Every_sign_in_is_a_new_session_and_ends_the_one_the_browser_had()
    {
        await using var auth = await AuthHost.Open(clock);
        var mallory = await auth.SignUp("mallory@example.com");
        var ada = await auth.SignUp("ada@example.com", cookies: mallory.Session);
        var again = await auth.SignIn("ada@example.com", cookies: ada.Session);
        Assert.Distinct([mallory.Session, ada.Session, again.Session]);
        Reply.Is(401, null, await auth.Me(mallory.Session));
        Reply.Is(401, null, await auth.Me(ada.Session));
        Assert.Equal(ada.Body, (await auth.Me(again.Session)).Body);
    }

    [Fact]
    public async Task A_sign_in_that_is_refused_ends_nothing()
    {
        await using var auth = await AuthHost.Open(clock);
        var ada = await auth.SignUp("ada@example.com");
        Reply.Is(401, null, await auth.SignIn("ada@example.com", "a wrong password", cookies: ada.Session));
        Reply.Is(409, null, await auth.SignUp("ada@example.com", cookies: ada.Session));
        Reply.Is(200, null, await auth.Me(ada.Session));
    }

    [Fact]
    public async Task A_session_in_use_is_renewed_and_one_that_is_not_runs_out()
    {
        await using var auth = await AuthHost.Open(clock);
        var session = (await auth.SignUp("ada@example.com")).Session;
        clock.Advance(TimeSpan.FromMinutes(29));
        Assert.Empty((await auth.Me(session)).SetCookies);
        clock.Advance(TimeSpan.FromMinutes(2));
        var renewed = (await auth.Me(session)).Session;
        clock.Advance(TimeSpan.FromMinutes(31));
        Reply.Is(401, null, await auth.Me(session));
        Reply.Is(200, null, await auth.Me(renewed));
    }

    [Fact]
    public async Task No_session_lasts_longer_than_half_a_day()
    {
        await using var auth = await AuthHost.Open(clock);
        var session = (await auth.SignUp("ada@example.com")).Session;
        var lasted = TimeSpan.Zero;
        while (lasted < TimeSpan.FromDays(2))
        {
            var me = await auth.Me(session);
            if (me.Status == 401)
                break;
            session = me.SetCookies.Count > 0 ? me.Session : session;
            clock.Advance(TimeSpan.FromMinutes(20));
            lasted += TimeSpan.FromMinutes(20);
        }
        Assert.InRange(lasted, Sessions.SessionMax, Sessions.SessionMax + Sessions.TokenLifetime * 1.5);
    }

    [Fact]
    public async Task Signing_out_ends_the_renewed_token_too()
    {
        await using var auth = await AuthHost.Open(clock);
        var first = (await auth.SignUp("ada@example.com")).Session;
        clock.Advance(TimeSpan.FromMinutes(40));
        var second = (await auth.Me(first)).Session;
        await auth.SignOut(first);
        Reply.Is(401, null, await auth.Me(second));
        clock.Advance(TimeSpan.FromMinutes(59));
        Reply.Is(401, null, await auth.Me(second));
    }

    [Fact]
    public async Task A_process_that_did_not_hear_of_a_sign_out_learns_it_from_the_store()
    {
        var store = new InMemoryStore();
        await using var one = await AuthHost.Open(clock, store);
        var session = (await one.SignUp("ada@example.com")).Session;
        await using var other = await AuthHost.Open(clock, store);
        await one.SignOut(session);
        Reply.Is(200, null, await other.Me(session));
        clock.Advance(TimeSpan.FromSeconds(61));
        await Eventually.Is(async () => (await other.Me(session)).Status == 401);

        await using var young = await AuthHost.Open(clock, store);
        await Eventually.Is(async () => (await young.Me(session)).Status == 401);
    }

    [Fact]
    public async Task A_sign_out_that_was_not_heard_of_is_not_renewed_away()
    {
        var store = new InMemoryStore();
        await using var one = await AuthHost.Open(clock, store);
        var session = (await one.SignUp("ada@example.com")).Session;
        clock.Advance(TimeSpan.FromMinutes(40));
        await using var deaf = await AuthHost.Open(clock, store, builder =>
            builder.Services.AddSingleton<AskForRevoked>(_ => Task.FromResult<RevokedList?>(null)));
        await one.SignOut(session);
        var me = await deaf.Me(session);
        Reply.Is(200, null, me);
        Assert.Empty(me.SetCookies);
    }

    [Fact]
    public async Task Other_services_are_told_which_sessions_have_ended_and_only_while_it_matters()
    {
        await using var auth = await AuthHost.Open(clock);
        await auth.SignOut((await auth.SignUp("ada@example.com")).Session);
        await auth.SignOut((await auth.SignUp("bob@example.com")).Session);
        Assert.Equal(2, (await Revoked(auth)).Sessions.Count);
        clock.Advance(TimeSpan.FromHours(2));
        Assert.Empty((await Revoked(auth)).Sessions);
    }

    [Fact]
    public void The_list_of_ended_sessions_is_bounded_and_forgets()
    {
        var now = clock.GetUtcNow();
        SessionRevoked Session(int i, DateTimeOffset expiresAt) => new($"s{i}", UserId.Parse("ada"), expiresAt);
        var list = Revocations.Absent("0");
        for (var i = 0; i <= Revocations.SessionsMax; i++)
            list = list.Revoke(Session(i, now.AddMinutes(i)), now).State!;
        Assert.Equal(Revocations.SessionsMax, list.Sessions.Length);
        Assert.DoesNotContain(list.Sessions, session => session.SessionId == "s0");
        Assert.False(list.Revoke(Session(7, now.AddHours(1)), now).Changed);
        list = list.Revoke(Session(-1, now.AddYears(1)), now.AddMonths(1)).State!;
        Assert.Equal("s-1", Assert.Single(list.Sessions).SessionId);
    }

    static async Task<RevokedList> Revoked(AuthHost auth)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/internal/sessions/revoked");
        request.Headers.Add("dapr-api-token", ServiceHost.AppToken);
        var answer = await auth.Host.Anonymous.SendAsync(request);
        return System.Text.Json.JsonSerializer.Deserialize(await answer.Content.ReadAsStringAsync(),
            RevokedListJson.Default.RevokedList)!;
    }
}
