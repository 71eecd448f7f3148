using Ticketing.Testing;

namespace Ticketing.Hosting.Tests;

public sealed class HeadTests(NotesFixture fixture) : IClassFixture<NotesFixture>
{
    static readonly string[] ofOneAnswer = ["Date", "Transfer-Encoding", "Content-Length"];

    [Theory]
    [InlineData("/api/notes/maybe")]
    [InlineData("/api/notes/abc")]
    [InlineData("/api/notes/xyz")]
    [InlineData("/api/notes/mine")]
    [InlineData("/api/notes/guarded")]
    [InlineData("/api/notes/bug")]
    [InlineData("/api/notes/away")]
    [InlineData("/api/notes/sized")]
    [InlineData("/health/live")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/nowhere")]
    public async Task It_is_what_get_answers_without_the_body(string path)
    {
        using var connection = await RawConnection.To(fixture.Host.Address);
        await connection.Send($"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n");
        var read = await connection.Receive();
        await connection.Send($"HEAD {path} HTTP/1.1\r\nHost: a\r\n\r\nGET /api/notes/maybe HTTP/1.1\r\nHost: a\r\n\r\n");
        var head = await connection.Receive(isHead: true);
        Assert.Equal(Headers(read), Headers(head));
        Assert.Equal(Length(read) ?? Length(head), Length(head));
        // No byte of a body is between the two responses.
        Assert.Equal(200, (await connection.Receive()).Status);
    }

    [Fact]
    public async Task A_stream_of_events_ends_after_its_headers()
    {
        using var connection = await RawConnection.To(fixture.Host.Address);
        await connection.Send("HEAD /api/notes/live HTTP/1.1\r\nHost: a\r\n\r\n");
        var head = await connection.Receive(isHead: true);
        Assert.Equal(200, head.Status);
        Assert.Contains("text/event-stream", head.Head, StringComparison.Ordinal);
        await connection.Send("GET /api/notes/maybe HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal(200, (await connection.Receive()).Status);
        Assert.DoesNotContain(fixture.Host.Logs.All, line => line.StartsWith("Error", StringComparison.Ordinal)
            && line.Contains("live", StringComparison.Ordinal));
    }

    static IEnumerable<string> Headers(RawAnswer answer) => answer.Head.Split("\r\n")
        .Where(line => !ofOneAnswer.Contains(line.Split(':')[0])).Order(StringComparer.Ordinal);

    static string? Length(RawAnswer answer) =>
        answer.Head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length", StringComparison.Ordinal));
}
