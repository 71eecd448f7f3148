using System.Net;
using System.Text;

namespace Ticketing.Web.Tests;

/// <summary>The account's page: its content, its actions, and its error messages.</summary>
public sealed class AccountPageTests : IClassFixture<Site>
{
    const string Sessions = """
        {"items":[{"id":"buyer","beganAt":"2031-01-01T00:00:00Z","renewedAt":"2031-01-01T01:00:00Z","from":"192.0.2.7",
            "browser":"Firefox","current":true},
          {"id":"s2","beganAt":"2031-01-01T00:00:00Z","renewedAt":"2031-01-01T01:00:00Z","browser":"<b>Phone</b>",
            "current":false}]}
        """;
    const string BadPassword = """{"type":"/problems/bad-credentials","title":"No","status":401}""";
    const string SignedOut = """{"type":"/problems/unauthenticated","title":"Sign in first.","status":401}""";

    readonly Site site;
    readonly List<string> asked = [];

    public AccountPageTests(Site site)
    {
        this.site = site;
        site.Apps.Reset();
        Reply("/sessions", HttpStatusCode.OK, Sessions);
    }

    void Reply(string path, HttpStatusCode status, string? json = null, string? cookie = null) =>
        site.Apps.Reply("auth", "/api/users/me" + path, request =>
        {
            var body = request.Content is null ? "" : " " + request.Content.ReadAsStringAsync().GetAwaiter().GetResult();
            asked.Add($"{request.Method} {path}{body}");
            var answer = new HttpResponseMessage(status)
            {
                Content = json is null ? null : new StringContent(json, Encoding.UTF8,
                    (int)status < 400 ? "application/json" : "application/problem+json"),
            };
            if (cookie is not null)
                answer.Headers.Add("Set-Cookie", cookie);
            return answer;
        });

    static void SeesOther(string path, HttpResponseMessage answer) =>
        Assert.Equal((303, path), ((int)answer.StatusCode, answer.Headers.Location?.ToString()));

    [Fact]
    public async Task The_page_shows_the_address_and_where_one_is_signed_in_and_is_linked_from_every_page()
    {
        var (answer, html) = await site.Get("/account", Site.Buyer);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        foreach (var words in new[] { "buyer@example.com", "Firefox", "at 192.0.2.7", "This one", "/account/sessions/s2/end", "/account/export" })
            Assert.Contains(words, html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>Phone</b>", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("href=\"/account\"", (await site.Get("/status", Site.Buyer)).Html, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"/account\"", (await site.Get("/status")).Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/account")]
    [InlineData("GET", "/account/export")]
    [InlineData("POST", "/account/sessions/end")]
    [InlineData("POST", "/account/sessions/s2/end")]
    [InlineData("POST", "/account/password")]
    [InlineData("POST", "/account/erase")]
    public async Task Without_a_session_it_leads_to_the_sign_in(string method, string path)
    {
        var nobody = method == "POST" ? await site.Post(path) : await site.Get(path);
        SeesOther("/signin?to=%2Faccount", nobody.Answer);
        // Auth has ended the session; this service has not received the event yet.
        foreach (var part in new[] { "", "/sessions", "/sessions/s2", "/password", "/export" })
            Reply(part, HttpStatusCode.Unauthorized, SignedOut);
        var request = new HttpRequestMessage(new(method), path);
        if (method == "POST")
            request.Content = new FormUrlEncodedContent([KeyValuePair.Create("password", "x")]);
        SeesOther("/signin?to=%2Faccount", (await site.Send(request, Site.Buyer)).Answer);
    }

    [Fact]
    public async Task With_auth_away_the_page_stands_and_what_was_to_be_done_says_that_it_was_not()
    {
        site.Apps.Unreachable.Add("auth");
        var (answer, html) = await site.Get("/account", Site.Buyer);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("Your sessions can't be shown right now.", html, StringComparison.Ordinal);
        foreach (var path in new[] { "/sessions/end", "/sessions/s2/end", "/password", "/erase" })
            Assert.Equal(503, (int)(await site.Post("/account" + path, Site.Buyer, ("password", "x"))).Answer.StatusCode);
        var (file, page) = await site.Get("/account/export", Site.Buyer);
        Assert.Equal((503, "text/html"), ((int)file.StatusCode, file.Content.Headers.ContentType?.MediaType));
        Assert.Contains("<h1>", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/sessions/s2/end", "/sessions/s2", "/account")]
    [InlineData("/sessions/buyer/end", "/sessions/buyer", "/signedout")]
    [InlineData("/sessions/end", "/sessions", "/signedout")]
    public async Task A_session_is_ended_and_auths_cookies_pass_through(string path, string api, string to)
    {
        Reply(api, HttpStatusCode.NoContent, cookie: "session=; max-age=0");
        var (answer, _) = await site.Post("/account" + path, Site.Buyer);
        SeesOther(to, answer);
        Assert.Equal([$"DELETE {api}"], asked);
        Assert.Equal(["session=; max-age=0"], answer.Headers.GetValues("Set-Cookie"));
    }

    [Fact]
    public async Task A_session_that_has_ended_already_is_ended()
    {
        Reply("/sessions/s2", HttpStatusCode.NotFound, """{"type":"/problems/not-found","title":"No","status":404}""");
        SeesOther("/account", (await site.Post("/account/sessions/s2/end", Site.Buyer)).Answer);
    }

    [Fact]
    public async Task A_password_is_changed()
    {
        Reply("/password", HttpStatusCode.NoContent, cookie: "session=new");
        var (answer, _) = await site.Post("/account/password", Site.Buyer, ("current", "old one"), ("new", "a new one"));
        SeesOther("/account?changed=true", answer);
        Assert.Equal(["""PUT /password {"current":"old one","new":"a new one"}"""], asked);
        Assert.Equal(["session=new"], answer.Headers.GetValues("Set-Cookie"));
        Assert.Contains("Your password is changed", (await site.Get("/account?changed=true", Site.Buyer)).Html,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/account/password", "/password", 401, BadPassword, "current", "That is not your password")]
    [InlineData("/account/password", "/password", 400,
        """{"type":"/problems/invalid","title":"M","status":400,"errors":{"new":["At least 8 characters."]}}""",
        "new", "At least 8 characters.")]
    [InlineData("/account/erase", "", 401, BadPassword, "password", "That is not your password")]
    public async Task A_mistake_is_named_at_its_field_and_no_password_is_written_back(
        string path, string api, int status, string problem, string field, string words)
    {
        Reply(api, (HttpStatusCode)status, problem);
        var (answer, html) = await site.Post(path, Site.Buyer,
            ("current", "secret-1"), ("new", "secret-2"), ("password", "secret-3"));
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains("<title>Error: ", html, StringComparison.Ordinal);
        Assert.Contains($"<a href=\"#{field}\">{words}</a>", html, StringComparison.Ordinal);
        Assert.Contains($"id=\"{field}-wrong\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-", html, StringComparison.Ordinal);
        Assert.Equal(path.EndsWith("erase", StringComparison.Ordinal),
            html.Contains("<details class=\"sure\" open>", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_account_is_erased_and_what_keeps_it_is_said()
    {
        Reply("", HttpStatusCode.Conflict,
            """{"type":"/problems/has-live-business","title":"No","status":409,"orders":2,"listings":1}""");
        var (refused, html) = await site.Post("/account/erase", Site.Buyer, ("password", "mine"));
        Assert.Equal(409, (int)refused.StatusCode);
        Assert.Contains("2 orders that are not finished and 1 listing that is for sale or on hold", html, StringComparison.Ordinal);

        Reply("", HttpStatusCode.NoContent, cookie: "session=; max-age=0");
        var (answer, _) = await site.Post("/account/erase", Site.Buyer, ("password", "mine"));
        SeesOther("/account/erased", answer);
        Assert.Equal("""DELETE  {"password":"mine"}""", asked[^1]);
        Assert.Equal(["session=; max-age=0"], answer.Headers.GetValues("Set-Cookie"));
        Assert.Contains("data-signed-out", (await site.Get("/account/erased")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_data_is_a_file_to_download()
    {
        Reply("/export", HttpStatusCode.OK, """{"account":{"email":"buyer@example.com"}}""");
        var (answer, text) = await site.Get("/account/export", Site.Buyer);
        Assert.Equal("""{"account":{"email":"buyer@example.com"}}""", text);
        Assert.Equal(("application/json", "attachment"), (answer.Content.Headers.ContentType?.MediaType,
            answer.Content.Headers.ContentDisposition?.DispositionType));
    }

    [Theory]
    [InlineData("/password", "/account/password")]
    [InlineData("", "/account/erase")]
    [InlineData("/sessions", "/account/sessions/end")]
    public async Task Too_often_is_a_page(string api, string path)
    {
        Reply(api, HttpStatusCode.TooManyRequests);
        Assert.Equal(429, (int)(await site.Post(path, Site.Buyer, ("password", "x"))).Answer.StatusCode);
    }
}
