using System.Net;
using Ticketing.Testing;

namespace Ticketing.Web.Tests;

/// <summary>Signing in and out in the browser, and the browser's headers that auth receives.</summary>
public sealed class SignOutTests : IClassFixture<Site>
{
    readonly Site site;
    readonly string token = TestSessions.Token("ada", DateTimeOffset.UtcNow);

    public SignOutTests(Site site)
    {
        this.site = site;
        site.Apps.Reset();
    }

    Task<(HttpResponseMessage Answer, string Html)> Send(
        HttpMethod method, string path, string cookie, string scheme = "http", string agent = "")
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Cookie", cookie);
        request.Headers.Add("X-Forwarded-Proto", scheme);
        if (agent.Length > 0)
            request.Headers.TryAddWithoutValidation("User-Agent", agent);
        if (method == HttpMethod.Post)
            request.Content = new FormUrlEncodedContent([new("email", "a@example.com"), new("password", "x")]);
        return site.Send(request);
    }

    [Theory]
    [InlineData("{good}", false, "/signedout")]
    [InlineData("{good}", true, "/signedout?later=true")]
    [InlineData("nonsense", true, "/signedout")]
    public async Task The_cookie_is_cleared_whether_auth_answers_or_not(string session, bool isAuthDown, string to)
    {
        site.Apps.Reply("auth", "/api/users/signout", _ => new(HttpStatusCode.NoContent));
        if (isAuthDown)
            site.Apps.Unreachable.Add("auth");
        var (answer, _) = await Send(HttpMethod.Post, "/signout",
            $"ticketing-session={session.Replace("{good}", token, StringComparison.Ordinal)}");
        Assert.Equal((303, to), ((int)answer.StatusCode, answer.Headers.Location?.OriginalString));
        foreach (var name in (string[])["ticketing-session", "__Host-session"])
            Assert.Contains(answer.Headers.GetValues("Set-Cookie"), cookie =>
                cookie.StartsWith($"{name}=; expires=Thu, 01 Jan 1970", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_page_says_that_the_session_could_not_be_ended_everywhere()
    {
        Assert.Contains("within the hour", (await site.Get("/signedout?later=true")).Html, StringComparison.Ordinal);
        Assert.DoesNotContain("within the hour", (await site.Get("/signedout")).Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http", "ticketing-")]
    [InlineData("https", "__Host-")]
    public async Task Auth_is_told_of_the_browser_and_its_cookies_pass_through(string scheme, string prefix)
    {
        HttpRequestMessage? received = null;
        site.Apps.Reply("auth", "/api/users/signin", request =>
        {
            received = request;
            var answer = new HttpResponseMessage { Content = new StringContent("""{"id":"ada","email":"a@example.com"}""") };
            answer.Headers.Add("Set-Cookie", [$"{prefix}session=new", $"{prefix}device=new"]);
            return answer;
        });
        var (answer, _) = await Send(HttpMethod.Post, "/signin",
            $"{prefix}session=a.b.c; {prefix}session={token}; {prefix}device=d.1.x; {prefix}device=not one; "
            + $"{prefix}device=d.2.x", scheme, agent: "Firefox/1");
        Assert.Equal(303, (int)answer.StatusCode);
        Assert.Equal([$"{prefix}session=new", $"{prefix}device=new"], answer.Headers.GetValues("Set-Cookie"));
        string Header(string name) => Assert.Single(received!.Headers.GetValues(name));
        Assert.Equal($"Bearer {token}", Header("Authorization"));
        Assert.Equal($"{prefix}device=d.1.x; {prefix}device=d.2.x", Header("Cookie"));
        Assert.Equal("127.0.0.1", Header("ticketing-client-address"));
        Assert.Equal(scheme, Header("ticketing-client-scheme"));
        Assert.Equal("Firefox/1", Header("ticketing-client-agent"));
    }

    [Fact]
    public async Task A_token_that_is_not_good_is_not_passed_on()
    {
        HttpRequestMessage? received = null;
        site.Apps.Reply("tickets", "/api/tickets", request =>
        {
            received = request;
            return null;
        });
        await Send(HttpMethod.Get, "/", $"ticketing-session={token[..^4]}AAAA");
        Assert.Null(received!.Headers.Authorization);
    }
}
