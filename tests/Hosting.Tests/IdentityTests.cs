using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;
using Ticketing.Common;
using Ticketing.Contracts;
using Ticketing.Testing;

namespace Ticketing.Hosting.Tests;

public sealed class IdentityTests(NotesFixture fixture) : IClassFixture<NotesFixture>
{
    static readonly DateTimeOffset now = DateTimeOffset.UtcNow;

    [Fact]
    public async Task A_good_token_is_taken_from_the_cookie_and_as_a_bearer()
    {
        var token = TestSessions.Token("alice", now);
        Assert.Equal("\"alice\"", await Ask("/api/notes/mine", "Cookie", $"other=1; ticketing-session={token}"));
        Assert.Equal("\"alice\"", await Ask("/api/notes/mine", "Authorization", $"Bearer {token}"));
        Assert.Equal("\"alice\"", await Ask("/api/notes/maybe", "Cookie", $"ticketing-session={token}"));
        Assert.Equal("\"nobody\"", await Ask("/api/notes/maybe", "Cookie", "ticketing-session=nonsense"));
    }

    static string Good => TestSessions.Token("alice", now);
    static string Forged => TestSessions.Token("mallory", now)[..^4] + "AAAA";

    public static TheoryData<string, string, string> Cookies => new()
    {
        // the browser's scheme, what it sends ({good}, {forged}, {gone}: signed out), who it is
        { "http", "ticketing-session={good}", "alice" },
        { "https", "__Host-session={good}", "alice" },
        { "http", "ticketing-session={good}; ticketing-session={good}", "alice" },
        { "http", "ticketing-session={forged}; ticketing-session={good}", "alice" },
        { "http", "ticketing-session={gone}; ticketing-session={good}", "alice" },
        { "http", "ticketing-session=; ticketing-session=%; ticketing-session=a.b.c; ticketing-session={good}",
            "alice" },
        { "https", "__Host-session={forged}; other=1; __Host-session={good}", "alice" },
        { "https", "ticketing-session={forged}; __Host-session={good}", "alice" },
        { "http", "__Host-session={forged}; ticketing-session={good}", "alice" },
        { "http", "\"broken; =; ticketing-session={good}", "alice" },
        { "https", "ticketing-session={good}", "nobody" },
        { "http", "__Host-session={good}", "nobody" },
        { "http", "session={good}", "nobody" },
        { "http", "Ticketing-Session={good}", "nobody" },
        { "http", "xticketing-session={good}", "nobody" },
        { "http", "ticketing-session=\"{good}\"", "nobody" },
        { "http", "ticketing-session={forged}; ticketing-session={gone}", "nobody" },
        { "http", "ticketing-session=a.b.1; ticketing-session=a.b.2; ticketing-session=a.b.3; ticketing-session=a.b.4; "
            + "ticketing-session={good}", "nobody" },
    };

    [Theory]
    [MemberData(nameof(Cookies))]
    [InlineData("http", "ticketing-session={erased}; ticketing-session={good}", "alice")]
    public async Task A_cookie_counts_by_the_scheme_and_of_several_the_valid_one(
        string scheme, string cookies, string who)
    {
        fixture.Host.Services.GetRequiredService<RevokedSessions>()
            .Add(new("s-gone", UserId.Parse("alice"), now.AddHours(1)));
        fixture.Host.Services.GetRequiredService<RevokedSessions>()
            .Add(SessionRevoked.EverySession(UserId.Parse("erased"), now.AddSeconds(1), now.AddHours(1)));
        var cookie = cookies.Replace("{good}", Good, StringComparison.Ordinal)
            .Replace("{forged}", Forged, StringComparison.Ordinal)
            .Replace("{erased}", TestSessions.Token("erased", now, "s-erased"), StringComparison.Ordinal)
            .Replace("{gone}", TestSessions.Token("alice", now, "s-gone"), StringComparison.Ordinal);
        Assert.Equal($"\"{who}\"", await Ask("/api/notes/maybe", "Cookie", cookie, scheme));
    }

    [Theory]
    [InlineData("Mozilla/5.0 Firefox/1", "Mozilla/5.0 Firefox/1")]
    [InlineData("Firef\u00f6x\t/1 \ud83c\udfab", "Firefx/1")]
    [InlineData("\u00f6 ", null)]
    public void A_user_agent_is_passed_on_as_plain_ascii(string sent, string? told)
    {
        var browser = new DefaultHttpContext();
        browser.Request.Headers.UserAgent = sent;
        using var request = new HttpRequestMessage();
        BrowserFacts.AddTo(browser, request);
        Assert.Equal(told,
            request.Headers.TryGetValues("ticketing-client-agent", out var agent) ? agent.Single() : null);
    }

    public static TheoryData<string> BadTokens => [.. bad.Keys];

    static readonly Dictionary<string, Action<SecurityTokenDescriptor>> bad = new()
    {
        ["expired"] = token =>
            (token.NotBefore, token.Expires) = (now.UtcDateTime.AddHours(-2), now.UtcDateTime.AddHours(-1)),
        ["not yet valid"] = token =>
            (token.NotBefore, token.Expires) = (now.UtcDateTime.AddHours(1), now.UtcDateTime.AddHours(2)),
        ["without an end"] = token => token.Expires = null,
        ["without a beginning"] = token => token.NotBefore = null,
        ["other issuer"] = token => token.Issuer = "elsewhere",
        ["other audience"] = token => token.Audience = "elsewhere",
        ["other type"] = token => token.TokenType = "at+jwt",
        ["without a session"] = token => token.Claims.Remove("sid"),
        ["without a user"] = token => token.Claims.Remove("sub"),
        ["odd user"] = token => token.Claims["sub"] = "../Alice",
        ["unsigned"] = token => token.SigningCredentials = null,
        ["other key"] = token => token.SigningCredentials = new(
            new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)), SecurityAlgorithms.EcdsaSha256),
        ["public key as a shared secret"] = token => token.SigningCredentials = new(
            new SymmetricSecurityKey(Encoding.UTF8.GetBytes(TestSessions.PublicKeyPem)), SecurityAlgorithms.HmacSha256),
        ["too long"] = token => token.Claims["email"] = new string('a', SessionToken.BytesMax),
    };

    [Theory]
    [MemberData(nameof(BadTokens))]
    public async Task No_other_token_is(string what)
    {
        var token = TestSessions.Good("alice", now, "s1");
        bad[what](token);
        Assert.Equal("401", await Ask("/api/notes/mine", "Authorization", $"Bearer {TestSessions.Sign(token)}"));
        Assert.Equal("401", await Ask("/api/notes/guarded", "Cookie", $"ticketing-session={TestSessions.Sign(token)}"));
    }

    [Theory]
    [InlineData("auth_time", 1_700_000_000L, 1_700_000_000L)]
    [InlineData("auth_time", long.MaxValue, null)]
    [InlineData("auth_time", -1L, null)]
    [InlineData("auth_time", "yesterday", null)]
    [InlineData("other", 1L, null)]
    public void The_time_of_the_sign_in_is_read_from_the_token(string claim, object value, long? seconds)
    {
        var identity = new ClaimsIdentity([new("sub", "alice"), new("sid", "s"), new(claim, $"{value}")], "test");
        var expected = seconds is { } known ? DateTimeOffset.FromUnixTimeSeconds(known) : DateTimeOffset.MinValue;
        Assert.Equal(expected, User.From(new(identity))!.SignedInAt);
    }

    [Fact]
    public async Task A_token_ends_on_the_services_clock()
    {
        var clock = new FakeTimeProvider(now);
        await using var host = await ServiceHost.Start(NotesApp.Build, clock: clock);
        using var alice = host.As("alice");
        await Answers.AssertStatus(await alice.GetAsync("/api/notes/mine"), 200);
        clock.Advance(TimeSpan.FromHours(1) + SessionToken.ClockSkew);
        await Answers.AssertStatus(await alice.GetAsync("/api/notes/mine"), 401);
    }

    [Fact]
    public async Task A_token_that_was_good_does_not_vouch_for_one_that_looks_like_it()
    {
        var good = TestSessions.Token("alice", now, "s-good");
        Assert.Equal("\"alice\"", await Ask("/api/notes/mine", "Cookie", $"ticketing-session={good}"));
        var parts = good.Split('.');
        var other = TestSessions.Token("mallory", now, "s-good").Split('.');
        Assert.Equal("401",
            await Ask("/api/notes/mine", "Cookie", $"ticketing-session={parts[0]}.{other[1]}.{parts[2]}"));
        Assert.Equal("401",
            await Ask("/api/notes/mine", "Cookie", $"ticketing-session={parts[0]}.{parts[1]}.{other[2]}"));
        Assert.Equal("\"alice\"", await Ask("/api/notes/mine", "Cookie", $"ticketing-session={good}"));
    }

    [Fact]
    public async Task A_signed_out_session_ends_at_once_and_only_that_one()
    {
        var token = TestSessions.Token("alice", now, "s-out");
        Assert.Equal("\"alice\"", await Ask("/api/notes/mine", "Cookie", $"ticketing-session={token}"));
        var revoked = Event.Of(new SessionRevoked("s-out", UserId.Parse("alice"), now.AddHours(1)));
        await Answers.AssertStatus(await fixture.Host.Deliver(revoked, DaprSidecar.Broadcast), 200);
        Assert.Equal("401", await Ask("/api/notes/mine", "Cookie", $"ticketing-session={token}"));
        Assert.Equal("\"alice\"",
            await Ask("/api/notes/mine", "Cookie", $"ticketing-session={TestSessions.Token("alice", now, "s-other")}"));
    }

    [Fact]
    public void Old_sign_outs_are_forgotten_and_do_no_harm()
    {
        var clock = new FakeTimeProvider(now);
        var sessions = new RevokedSessions(clock);
        Assert.False(sessions.Add(new("old", UserId.Parse("alice"), now.AddHours(-1))));
        Assert.True(sessions.Add(new("new", UserId.Parse("alice"), now.AddHours(1))));
        Assert.False(sessions.Add(new("new", UserId.Parse("alice"), now.AddHours(1))));
        clock.Advance(TimeSpan.FromMinutes(62));
        sessions.Add(new("other", UserId.Parse("alice"), clock.GetUtcNow().AddHours(1)));
        Assert.False(sessions.Contains("new"));
        Assert.True(sessions.Contains("other"));
    }

    [Fact]
    public async Task Sign_outs_from_before_the_start_are_asked_for()
    {
        var list = new RevokedList([new("s-early", UserId.Parse("alice"), now.AddHours(1))]);
        var answer = JsonSerializer.Serialize(list, RevokedListJson.Default.RevokedList);
        await using var host = await ServiceHost.Start(NotesApp.Build, builder =>
            builder.Services.AddOtherAppsStub(_ => new() { Content = new StringContent(answer) }));
        var sessions = host.Services.GetRequiredService<RevokedSessions>();
        await Eventually.Is(() => sessions.Contains("s-early"));
    }

    [Fact]
    public async Task Without_the_key_nobody_is_let_in_and_nobody_is_called_a_stranger()
    {
        var pem = new TaskCompletionSource<string>();
        await using var host = await ServiceHost.Start(NotesApp.Build, builder => builder.Services
            .AddSingleton<ReadSecret>((_, _) => pem.Task.IsCompleted
                ? pem.Task
                : throw new SidecarException("not there yet")));
        using var alice = host.As("alice");
        await Answers.AssertStatus(await alice.GetAsync("/api/notes/mine"), 503, "unavailable");
        await Answers.AssertStatus(await host.Anonymous.GetAsync("/api/notes/mine"), 401);
        var ready = await (await host.Anonymous.GetAsync("/health/ready")).Content.ReadAsStringAsync();
        Assert.Contains("\"down\":[\"sidecar\",\"key\"]", ready, StringComparison.Ordinal);
        pem.SetResult(TestSessions.PublicKeyPem);
        await Eventually.Is(async () => (await alice.GetAsync("/api/notes/mine")).IsSuccessStatusCode);
    }

    async Task<string> Ask(string path, string header, string value, string scheme = "http")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-Forwarded-Proto", scheme);
        request.Headers.TryAddWithoutValidation(header, value);
        using var answer = await fixture.Host.Anonymous.SendAsync(request);
        return answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync() : $"{(int)answer.StatusCode}";
    }
}
