using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Ticketing.Web.Tests;

/// <summary>Scripts and pictures: cached for ever under their current version, and served under any other.</summary>
public sealed partial class SiteFilesTests(Site site) : IClassFixture<Site>
{
    [Fact]
    public async Task Every_file_a_page_names_is_kept_for_good()
    {
        var (_, html) = await site.Get("/");
        var files = FileOf().Matches(html).Select(match => match.Value).ToList();
        Assert.Contains(files, file => file.EndsWith("/app.js", StringComparison.Ordinal));
        foreach (var file in files)
        {
            var answer = await Ask(HttpMethod.Get, file);
            Assert.Equal((HttpStatusCode.OK, "public, max-age=31536000, immutable"),
                (answer.StatusCode, answer.Headers.CacheControl?.ToString()));
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        }
    }

    [Theory]
    [InlineData("app.js")]
    [InlineData("stream.js")]
    [InlineData("icon.svg")]
    [InlineData("flow.js")]
    public async Task A_page_of_another_version_gets_the_file_as_it_is_here_and_does_not_keep_it(string name)
    {
        var other = await Ask(HttpMethod.Get, $"/files/0123456789ab/{name}");
        Assert.Equal((HttpStatusCode.OK, "no-cache"), (other.StatusCode, other.Headers.CacheControl?.ToString()));
        var mine = await Ask(HttpMethod.Get, await CurrentPath(name));
        Assert.Equal(await mine.Content.ReadAsByteArrayAsync(), await other.Content.ReadAsByteArrayAsync());
        var again = await Ask(HttpMethod.Get, $"/files/0123456789ab/{name}", request =>
            request.Headers.IfNoneMatch.Add(other.Headers.ETag!));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Theory]
    [InlineData("/files/0123456789ab/never.js")]
    [InlineData("/files/0123456789ab/asyncapi.json")]
    [InlineData("/files/0123456789ab/")]
    public async Task A_name_that_never_was_is_not_found(string path) =>
        Assert.Equal(HttpStatusCode.NotFound, (await Ask(HttpMethod.Get, path)).StatusCode);

    [Theory]
    [InlineData("br", "br")]
    [InlineData("gzip, br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("gzip, br;q=0", "gzip")]
    [InlineData("identity", "")]
    public async Task It_is_sent_packed_as_the_browser_can_unpack_it(string accepted, string encoding)
    {
        var path = await CurrentPath("app.js");
        var (plain, packed) = (await Ask(HttpMethod.Get, path), await Ask(HttpMethod.Get, path, Accept));
        Assert.Equal(encoding, string.Join(',', packed.Content.Headers.ContentEncoding));
        Assert.Equal("text/javascript; charset=utf-8", packed.Content.Headers.ContentType?.ToString());
        Assert.Equal("Accept-Encoding", string.Join(',', packed.Headers.Vary));
        Assert.Equal(encoding.Length == 0, plain.Headers.ETag!.Equals(packed.Headers.ETag));
        Assert.Equal(encoding.Length > 0, packed.Content.Headers.ContentLength < plain.Content.Headers.ContentLength / 2);

        void Accept(HttpRequestMessage request)
        {
            foreach (var one in accepted.Split(", "))
                request.Headers.AcceptEncoding.Add(StringWithQualityHeaderValue.Parse(one));
        }
    }

    [Fact]
    public async Task Its_head_is_told_without_the_file()
    {
        var path = await CurrentPath("app.js");
        var (whole, head) = (await Ask(HttpMethod.Get, path), await Ask(HttpMethod.Head, path));
        Assert.Equal(whole.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task The_worker_has_an_address_for_good_and_pages_may_start_it()
    {
        var worker = await Ask(HttpMethod.Get, "/notices.js");
        Assert.Equal((HttpStatusCode.OK, "no-cache", "text/javascript"), (worker.StatusCode,
            worker.Headers.CacheControl?.ToString(), worker.Content.Headers.ContentType?.MediaType));
        Assert.Equal("default-src 'none'", worker.Headers.GetValues("Content-Security-Policy").Single());
        var (page, _) = await site.Get("/");
        Assert.Contains("worker-src 'self';", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    async Task<string> CurrentPath(string name)
    {
        var (_, html) = await site.Get("/");
        return $"{FileOf().Match(html).Value[..^"icon.svg".Length]}{name}";
    }

    async Task<HttpResponseMessage> Ask(HttpMethod method, string path, Action<HttpRequestMessage>? with = null)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Accept.Add(new("*/*"));
        with?.Invoke(request);
        return (await site.Send(request)).Answer;
    }

    [GeneratedRegex("/files/[^\"]+")]
    private static partial Regex FileOf();
}
