using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Ticketing.Hosting.Tests;

public sealed class RequestRulesTests(NotesFixture fixture) : IClassFixture<NotesFixture>
{
    readonly HttpClient client = fixture.Host.Anonymous;

    [Fact]
    public async Task A_description_of_another_name_is_nowhere() =>
        await Answers.AssertStatus(await client.GetAsync("/openapi/v2.json"), 404, "not-found");

    [Theory]
    [InlineData("{", 400, "invalid-json")]
    [InlineData("", 400, "bad-request")]
    [InlineData("null", 400, "bad-request")]
    [InlineData("[]", 400, "invalid-json")]
    [InlineData("""{"title":"a"} trailing""", 400, "invalid-json")]
    [InlineData("""{"title":"a","title":"b"}""", 400, "invalid")]
    [InlineData("""{"title":"a","Title":"b"}""", 400, "invalid")]
    [InlineData("""{"title":5}""", 400, "invalid")]
    [InlineData("""{"price":"5"}""", 400, "invalid")]
    [InlineData("""{"price":1.5}""", 400, "invalid")]
    [InlineData("""{"price":9223372036854775808}""", 400, "invalid")]
    [InlineData("""{"title":"a\u0000b"}""", 400, "invalid")]
    [InlineData("""{"title":"\ud800"}""", 400, "invalid")]
    [InlineData("""{"title":"a","unknown":{"isAdmin":true}}""", 200, null)]
    public async Task A_body_is_read_strictly_or_refused(string body, int status, string? code)
    {
        var answer = await Post(body);
        await Answers.AssertStatus(answer, status, code);
    }

    [Fact]
    public async Task A_mistake_names_its_member()
    {
        var answer = await Post("""{"inner":{"price":"5"}}""");
        var errors = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors");
        Assert.True(errors.TryGetProperty("inner.price", out _), errors.ToString());
    }

    [Fact]
    public async Task Deep_nesting_is_refused()
    {
        var deep = string.Concat(Enumerable.Repeat("""{"inner":""", 6_000)) + "1";
        await Answers.AssertStatus(await Post(deep), 400, "invalid-json");
    }

    [Fact]
    public async Task Invalid_utf_8_is_refused()
    {
        using var content = new ByteArrayContent([.. "{\"title\":\""u8, 0xC3, 0x28, .. "\"}"u8]);
        content.Headers.ContentType = new("application/json");
        await Answers.AssertStatus(await client.PostAsync("/api/notes", content), 400, "invalid");
    }

    [Fact]
    public async Task A_large_body_is_refused()
    {
        await Answers.AssertStatus(await Post($$"""{"title":"{{new string('a', 70_000)}}"}"""), 413, "too-large");
    }

    [Fact]
    public async Task A_large_body_without_a_length_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/notes")
        {
            Content = Json($$"""{"title":"{{new string('a', 70_000)}}"}"""),
        };
        request.Headers.TransferEncodingChunked = true;
        try
        {
            await Answers.AssertStatus(await client.SendAsync(request), 413, "too-large");
        }
        catch (HttpRequestException e)
        {
            // The server closes the connection of a client that keeps sending; its response may be lost with it.
            Assert.Null(e.StatusCode);
        }
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/vnd.api+json")]
    [InlineData(null)]
    public async Task A_body_is_json_or_nothing(string? type)
    {
        using var content = Json("""{"title":"a"}""");
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        await Answers.AssertStatus(await client.PostAsync("/api/notes", content), 415, "unsupported-media-type");
    }

    [Fact]
    public async Task A_compressed_body_is_refused()
    {
        using var content = Json("""{"title":"a"}""");
        content.Headers.ContentEncoding.Add("gzip");
        await Answers.AssertStatus(await client.PostAsync("/api/notes", content), 415, "unsupported-media-type");
    }

    [Theory]
    [InlineData("Origin", "https://evil.example", 403)]
    [InlineData("Origin", "null", 403)]
    [InlineData("Origin", "{self}", 200)]
    [InlineData("Sec-Fetch-Site", "cross-site", 403)]
    [InlineData("Sec-Fetch-Site", "same-site", 403)]
    [InlineData("Sec-Fetch-Site", "same-origin", 200)]
    [InlineData("X-Nothing", "said", 200)]
    public async Task An_unsafe_request_comes_from_here_or_from_no_browser(string header, string value, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/notes") { Content = Json("{}") };
        request.Headers.Add(header,
            value.Replace("{self}", fixture.Host.Address.ToString().TrimEnd('/'), StringComparison.Ordinal));
        await Answers.AssertStatus(await client.SendAsync(request), status, status == 403 ? "cross-site" : null);
    }

    [Theory]
    [InlineData("DELETE", "/api/notes/mine", 405, "method-not-allowed")]
    [InlineData("BREW", "/api/notes/mine", 405, "method-not-allowed")]
    [InlineData("TRACE", "/api/notes/mine", 405, "method-not-allowed")]
    [InlineData("GET", "/nowhere", 404, "not-found")]
    [InlineData("GET", "/api/notes/UPPER", 404, "not-found")]
    [InlineData("GET", "/api/notes/bug", 500, "internal")]
    [InlineData("GET", "/api/notes/away", 503, "unavailable")]
    [InlineData("GET", "/api/notes/guarded", 401, "unauthenticated")]
    [InlineData("GET", "/api/notes/mine", 401, "unauthenticated")]
    public async Task Every_error_is_a_problem(string method, string path, int status, string code)
    {
        using var request = new HttpRequestMessage(new(method), path);
        request.Headers.Accept.ParseAdd("text/html");
        var answer = await client.SendAsync(request);
        await Answers.AssertStatus(answer, status, code);
        Assert.DoesNotContain("secret detail", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(status == 503, answer.Headers.RetryAfter is not null);
    }

    [Fact]
    public async Task Too_many_requests_are_told_when_to_come_again()
    {
        await Answers.AssertStatus(await client.GetAsync("/api/notes/limited"), 200);
        await Answers.AssertStatus(await client.GetAsync("/api/notes/limited"), 200);
        var third = await client.GetAsync("/api/notes/limited");
        await Answers.AssertStatus(third, 429, "too-many-requests");
        Assert.InRange(third.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 31);
        await Answers.AssertStatus(await fixture.Host.As("somebody").GetAsync("/api/notes/limited"), 200);
    }

    [Fact]
    public async Task A_network_of_ipv6_is_limited_as_one_caller()
    {
        var statuses = new List<int>();
        foreach (var from in (string[])["2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::1"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/notes/limited");
            request.Headers.Add("X-Forwarded-For", from);
            statuses.Add((int)(await client.SendAsync(request)).StatusCode);
        }
        Assert.Equal([200, 200, 429, 200], statuses);
    }

    [Fact]
    public async Task Every_answer_carries_the_security_headers()
    {
        foreach (var path in (string[])["/health/live", "/nowhere", "/api/notes/bug"])
        {
            var answer = await client.GetAsync(path);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.False(answer.Headers.Contains("Server"));
        }
    }

    [Theory]
    [InlineData("https", true)]
    [InlineData("http", false)]
    public async Task Over_https_a_browser_is_told_to_stay_there(string scheme, bool told)
    {
        using var request =
            new HttpRequestMessage(HttpMethod.Get, "/nowhere") { Headers = { { "X-Forwarded-Proto", scheme } } };
        var answer = await client.SendAsync(request);
        Assert.Equal(told, answer.Headers.TryGetValues("Strict-Transport-Security", out var policy));
        Assert.True(!told || policy!.Single().StartsWith("max-age=31536000", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_api_is_described()
    {
        var api = await client.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        Assert.StartsWith("3.1", api.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        var paths = api.GetProperty("paths").EnumerateObject().Select(path => path.Name).ToList();
        Assert.Contains("/api/notes", paths);
        Assert.DoesNotContain(paths, path => path.Split('/')[1] is not "api");
    }

    Task<HttpResponseMessage> Post(string body) => client.PostAsync("/api/notes", Json(body));

    static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
