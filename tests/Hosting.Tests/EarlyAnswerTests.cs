using System.Text;
using Ticketing.Testing;

namespace Ticketing.Hosting.Tests;

/// <summary>
/// A response that is sent before the body was read: either the next request on the connection is answered, or the
/// response announced that the connection closes.
/// </summary>
public sealed class EarlyAnswerTests(NotesFixture fixture) : IClassFixture<NotesFixture>
{
    const string Next = "GET /api/notes/maybe HTTP/1.1\r\nHost: a\r\n\r\n";
    const string Json = "Content-Type: application/json\r\n";

    [Theory]
    [InlineData("POST /api/notes", Json, 413)]
    [InlineData("POST /api/notes", "Content-Type: text/plain\r\n", 413)]
    [InlineData("POST /api/notes", Json + "Sec-Fetch-Site: cross-site\r\n", 403)]
    [InlineData("POST /internal/ping", Json, 401)]
    [InlineData("POST /events/tickets", Json, 401)]
    [InlineData("POST /nowhere", "", 413)]
    public async Task A_body_over_the_limit(string target, string headers, int status) =>
        await NextIsAnsweredOrTheConnectionIsClosed(target, headers, new('x', 70 * 1024), status);

    [Theory]
    [InlineData("POST /api/notes", Json + "Sec-Fetch-Site: cross-site\r\n", 403)]
    [InlineData("POST /api/notes", "Content-Type: text/plain\r\n", 415)]
    [InlineData("POST /api/notes/private", Json, 401)]
    [InlineData("DELETE /api/notes/mine", Json, 405)]
    [InlineData("POST /nowhere", "", 404)]
    [InlineData("POST /internal/ping", Json, 401)]
    [InlineData("GET /api/notes/maybe", Json, 200)]
    [InlineData("GET /api/notes/guarded", Json, 401)]
    public async Task A_body_within_it(string target, string headers, int status)
    {
        foreach (var size in (int[])[10, 60 * 1024])
            await NextIsAnsweredOrTheConnectionIsClosed(target, headers, new('x', size), status);
    }

    [Fact]
    public async Task A_body_that_never_ends_or_never_comes_ends_the_connection()
    {
        foreach (var body in (string[])["Content-Length: 10000000\r\n\r\n", "Content-Length: 100\r\n\r\nhalf",
            "Transfer-Encoding: chunked\r\n\r\n5\r\nhalf", "Content-Length: 100\r\nExpect: 100-continue\r\n\r\n"])
        {
            using var connection = await RawConnection.To(fixture.Host.Address);
            await connection.Send($"POST /api/notes HTTP/1.1\r\nHost: a\r\nSec-Fetch-Site: cross-site\r\n{body}");
            var answer = await connection.Receive();
            Assert.Equal(403, answer.Status);
            Assert.Contains("Connection: close", answer.Head, StringComparison.Ordinal);
        }
    }

    async Task NextIsAnsweredOrTheConnectionIsClosed(string target, string headers, string body, int status)
    {
        foreach (var framed in (string[])[$"Content-Length: {body.Length}\r\n\r\n{body}", Chunked(body)])
        {
            using var connection = await RawConnection.To(fixture.Host.Address);
            await connection.Send($"{target} HTTP/1.1\r\nHost: a\r\n{headers}{framed}{Next}");
            var (first, isChunked) = (await connection.Receive(), framed[0] == 'T');
            // A chunked body's length is unknown before its end; the server need not read it to the end.
            Assert.True(first.Status == status
                || isChunked && first.Status is 413 or 415 or 401 or 403 or 404, $"{first}");
            if (first.Head.Contains("Connection: close", StringComparison.Ordinal))
                continue;
            var second = await connection.Receive();
            Assert.True(second.Status == 200, $"{target} {status}: then {second}");
        }
    }

    static string Chunked(string body)
    {
        var text = new StringBuilder("Transfer-Encoding: chunked\r\n\r\n");
        foreach (var part in body.Chunk(4_000))
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{part.Length:x}\r\n").Append(part)
                .Append("\r\n");
        return text.Append("0\r\n\r\n").ToString();
    }
}
