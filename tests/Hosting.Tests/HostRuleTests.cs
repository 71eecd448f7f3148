using Ticketing.Testing;

namespace Ticketing.Hosting.Tests;

/// <summary>Invalid Host headers, which a well-behaved client would not send.</summary>
public sealed class HostRuleTests(NotesFixture fixture) : IClassFixture<NotesFixture>
{
    [Theory]
    [InlineData("Host: shop.example")]
    [InlineData("Host: shop.example:8080")]
    [InlineData("Host: 127.0.0.1:80")]
    [InlineData("Host: [::1]:8080")]
    [InlineData("Host: xn--nxasmq6b.example")]
    [InlineData("X-Forwarded-Host: shop.example")]
    [InlineData("X-Forwarded-Host: shop.example, ingress:8080")]
    [InlineData("X-Forwarded-Proto: https")]
    [InlineData("X-Forwarded-Proto: HTTPS, http")]
    public async Task A_host_that_can_be_written_into_an_address_is_taken(string header) =>
        Assert.Equal(200, (await Send(header)).Status);

    [Theory]
    [InlineData("Host:")]
    [InlineData("Host: a:99999")]
    [InlineData("Host: [:::1]")]
    [InlineData("X-Forwarded-Host: xn--")]
    [InlineData("X-Forwarded-Host: a b")]
    [InlineData("X-Forwarded-Host: a:99999")]
    [InlineData("X-Forwarded-Host: a@b")]
    [InlineData("X-Forwarded-Host: ")]
    [InlineData("X-Forwarded-Proto: javascript")]
    [InlineData("X-Forwarded-Proto: ht tp")]
    public async Task Any_other_is_refused_and_never_trips_the_page_that_says_so(string header)
    {
        var answer = await Send(header);
        Assert.True(answer.Status == 400, $"{answer}");
        Assert.DoesNotContain("xn--", answer.Head, StringComparison.Ordinal);
    }

    // The server's own request log may fail to decode the header, before any code of the app runs.
    [Theory]
    [InlineData("Host: xn--")]
    [InlineData("Host: xn--a.example")]
    public async Task One_that_cannot_be_decoded_is_turned_away(string header) =>
        Assert.Contains((await Send(header)).Status, new[] { 0, 400 });

    Task<RawAnswer> Send(string header) =>
        new RawRequest("GET", "/health/live").With(header).Send(fixture.Host.Address);
}
