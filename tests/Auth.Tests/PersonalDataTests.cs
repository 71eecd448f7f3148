using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Ticketing.Common;
using Ticketing.Testing;

namespace Ticketing.Auth.Tests;

/// <summary>Export and erasure of a person's data; the other services are fakes.</summary>
public sealed class PersonalDataTests
{
    const string Ada = "ada@example.com";
    readonly FakeTimeProvider clock = new(new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero));
    readonly Dictionary<string, string> answers = new()
    {
        ["orders"] = """{"items":[],"live":0}""",
        ["listings"] = """{"items":[],"live":0}""",
        ["erase"] = """{"changed":0}""",
        ["payments"] = """{"items":[],"live":0}""",
    };
    readonly List<string> asked = [];

    Task<AuthHost> Open() => AuthHost.Open(clock, configure: builder => builder.Services.AddOtherAppsStub(Answer));

    HttpResponseMessage Answer(HttpRequestMessage request)
    {
        var (app, path) = (request.RequestUri!.Host, request.RequestUri.PathAndQuery);
        if (app == "auth")
            throw new HttpRequestException("It asks itself without a sidecar.");
        asked.Add($"{request.Method} {app}{path}");
        var key = answers.Keys.FirstOrDefault(key => path.EndsWith(key, StringComparison.Ordinal))
            ?? request.RequestUri.AbsolutePath.Split('/')[^1];
        var body = answers[key];
        return body == "away"
            ? throw new HttpRequestException("It is away.")
            : new(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
    }

    static async Task<Reply> Ask(AuthHost auth, HttpMethod method, string path, string? cookies, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = body is null ? null : JsonContent.Create(body),
        };
        if (cookies is not null)
            request.Headers.Add("Cookie", cookies);
        return await Reply.Of(await auth.Host.Anonymous.SendAsync(request));
    }

    static Task<Reply> Erase(AuthHost auth, string? cookies, string? password = AuthHost.Password) =>
        Ask(auth, HttpMethod.Delete, "/api/users/me", cookies, new { password });

    [Fact]
    public async Task Whoever_leaves_is_gone_and_the_address_is_free_for_somebody_new()
    {
        await using var auth = await Open();
        var signedUp = await auth.SignUp(Ada);
        var id = signedUp.Json.GetProperty("id").GetString()!;
        var other = await auth.SignIn(Ada);
        clock.Advance(TimeSpan.FromSeconds(2));

        var left = await Erase(auth, signedUp.Session);
        Reply.Is(204, null, left);
        Assert.Equal(3, left.SetCookies.Count(cookie =>
            cookie.Contains("=;", StringComparison.Ordinal)));       // the session cookie under both names, and the device cookie
        Assert.Equal([$"POST tickets/internal/users/{id}/listings/erase", $"POST orders/internal/users/{id}/orders/erase"],
            asked.Where(call => call.StartsWith("POST", StringComparison.Ordinal)));

        // None of their sessions is valid any more, also one begun elsewhere; no password opens the account.
        Reply.Is(401, null, await auth.Me(signedUp.Session));
        Reply.Is(401, null, await auth.Me(other.Session));
        Reply.Is(401, "bad-credentials", await auth.SignIn(Ada));
        foreach (var key in auth.Host.Store.Keys.Where(key => key.StartsWith("user:", StringComparison.Ordinal)))
        {
            var text = Encoding.UTF8.GetString(auth.Host.Store.Get(key)!.Value.Value.Span);
            Assert.DoesNotContain("ada", text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(id, text, StringComparison.Ordinal);
            Assert.Contains("\"passwordHash\":\"\"", text, StringComparison.Ordinal);
        }

        var again = await auth.SignUp(Ada, "another long password");
        Reply.Is(201, null, again);
        Assert.NotEqual(id, again.Json.GetProperty("id").GetString());
        Reply.Is(200, null, await auth.Me(again.Session));
        Reply.Is(401, null, await auth.Me(other.Session));
        Reply.Is(409, "email-in-use", await auth.SignUp(Ada));
    }

    [Fact]
    public async Task A_session_that_missed_the_end_of_its_account_is_not_renewed()
    {
        await using var auth = await Open();
        var signedUp = await auth.SignUp(Ada);
        var other = await auth.SignIn(Ada);
        clock.Advance(TimeSpan.FromMinutes(40));
        Reply.Is(204, null, await Erase(auth, signedUp.Session));
        var revoked = await auth.Host.Services.GetRequiredService<SignOuts>().All(default);
        var mark = Assert.Single(revoked!.Sessions, session => session.BegunBefore is not null);

        // Another process of auth that missed the event: the stored list decides.
        await using var late = await AuthHost.Open(clock, auth.Host.Store, builder =>
            builder.Services.AddSingleton<AskForRevoked>(_ => Task.FromResult<RevokedList?>(null)));
        var me = await late.Me(other.Session);
        Reply.Is(200, null, me);
        Assert.Empty(me.SetCookies);
        late.Host.Services.GetRequiredService<RevokedSessions>().Add(mark);
        Reply.Is(401, null, await late.Me(other.Session));
    }

    [Theory]
    [InlineData("orders", "{\"items\":[],\"live\":2}", 2, 0)]
    [InlineData("listings", "{\"items\":[],\"live\":1}", 0, 1)]
    public async Task Whoever_still_buys_or_sells_stays(string what, string answer, int orders, int listings)
    {
        await using var auth = await Open();
        var session = (await auth.SignUp(Ada)).Session;
        answers[what] = answer;
        var refused = await Erase(auth, session);
        Reply.Is(409, "has-live-business", refused);
        Assert.Equal((orders, listings),
            (refused.Json.GetProperty("orders").GetInt32(), refused.Json.GetProperty("listings").GetInt32()));
        Reply.Is(200, null, await auth.Me(session));
        Assert.DoesNotContain(asked, call => call.StartsWith("POST", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("orders", "away")]
    [InlineData("orders", "")]
    [InlineData("orders", "nonsense")]
    [InlineData("listings", "away")]
    [InlineData("listings", "null")]
    public async Task With_a_service_away_nothing_is_changed(string what, string answer)
    {
        await using var auth = await Open();
        var session = (await auth.SignUp(Ada)).Session;
        answers[what] = answer;
        Reply.Is(503, null, await Erase(auth, session));
        Reply.Is(503, null, await Ask(auth, HttpMethod.Get, "/api/users/me/export", session));
        Reply.Is(200, null, await auth.Me(session));
        Reply.Is(200, null, await auth.SignIn(Ada));
    }

    [Fact]
    public async Task What_was_interrupted_is_finished_by_the_next_try()
    {
        await using var auth = await Open();
        var session = (await auth.SignUp(Ada)).Session;
        clock.Advance(TimeSpan.FromSeconds(2));
        answers["erase"] = "away";
        Reply.Is(503, null, await Erase(auth, session));

        // The account still exists, so its owner can sign in and try again.
        clock.Advance(TimeSpan.FromSeconds(2));
        answers["erase"] = """{"changed":0}""";
        var again = await auth.SignIn(Ada);
        Reply.Is(204, null, await Erase(auth, again.Session));
        Reply.Is(401, "bad-credentials", await auth.SignIn(Ada));
    }

    [Fact]
    public async Task Only_who_knows_the_password_erases_the_account()
    {
        await using var auth = await Open();
        var session = (await auth.SignUp(Ada)).Session;
        Reply.Is(401, "unauthenticated", await Erase(auth, null));
        Reply.Is(401, "bad-credentials", await Erase(auth, session, "not my password"));
        Reply.Is(400, "invalid", await Erase(auth, session, null));
        Reply.Is(200, null, await auth.Me(session));
        Assert.Empty(asked);
    }

    [Fact]
    public async Task A_person_takes_everything_along_page_by_page()
    {
        await using var auth = await Open();
        var signedUp = await auth.SignUp(Ada);
        answers["orders"] = """{"items":[{"id":"a-1"},{"id":"b-1"}],"live":1,"next":"x"}""";
        answers["?after=x"] = """{"items":[{"id":"c-1"}],"live":0}""";
        answers["listings"] = """{"items":[{"id":"t","listing":{"title":"Hamlet"}}],"live":1}""";
        answers["payments"] = """{"items":[{"id":"a-1"}],"live":0}""";
        var export = await Ask(auth, HttpMethod.Get, "/api/users/me/export", signedUp.Session);
        Reply.Is(200, null, export);
        Assert.Equal(["a-1", "b-1", "c-1"], Ids(export.Json.GetProperty("orders")));
        Assert.Equal(["t"], Ids(export.Json.GetProperty("listings")));
        Assert.Equal(["a-1"], Ids(export.Json.GetProperty("payments")));
        Assert.Equal(Ada, export.Json.GetProperty("account").GetProperty("email").GetString());
        Assert.Contains(asked, call => call.EndsWith("/payments?of=a-1&of=b-1&of=c-1", StringComparison.Ordinal));
        Assert.DoesNotContain("password", export.Body, StringComparison.OrdinalIgnoreCase);
        Reply.Is(401, null, await Ask(auth, HttpMethod.Get, "/api/users/me/export", null));
    }

    static IEnumerable<string?> Ids(JsonElement items) =>
        items.EnumerateArray().Select(item => item.GetProperty("id").GetString());
}
