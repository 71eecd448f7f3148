using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Ticketing.Web.Tests;

/// <summary>The inline style of a page, and the content security policy that allows it.</summary>
public sealed partial class PageStyleTests(Site site) : IClassFixture<Site>
{
    [Theory]
    [InlineData("/")]
    [InlineData("/signin")]
    [InlineData("/nowhere")]
    public async Task It_is_in_the_page_and_is_the_only_one_allowed(string path)
    {
        var (answer, html) = await site.Get(path);
        var css = StyleElement().Match(html).Groups[1].Value;
        Assert.Contains("color-scheme: light dark", css, StringComparison.Ordinal);
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(css)));
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains($"style-src 'self' 'sha256-{hash}';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
    }

    [GeneratedRegex("<style>(.*?)</style>", RegexOptions.Singleline)]
    private static partial Regex StyleElement();
}
