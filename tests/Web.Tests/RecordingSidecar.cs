using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ticketing.Web.Tests;

/// <summary>
/// In place of web's sidecar: records every byte that arrives. It uses no HTTP library, which might reject what was
/// sent. It answers once per connection and records what still comes after.
/// </summary>
sealed class RecordingSidecar : IAsyncDisposable
{
    const string Ticket = """
        {"id":"t1","title":"Hamlet","price":4550,"currency":"usd","sellerId":"buyer","status":"open","version":3}
        """;
    const string Order = """
        {"id":"t1-1","ticketId":"t1","title":"Hamlet","price":4550,"currency":"usd","status":"complete",
         "expiresAt":"2031-01-01T00:15:00Z","createdAt":"2031-01-01T00:00:00Z","version":2}
        """;

    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly ConcurrentBag<string> connections = [];
    readonly ConcurrentDictionary<Task, bool> open = new();
    readonly Task accepting;

    public RecordingSidecar()
    {
        listener.Start();
        accepting = Accept();
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    /// <summary>The bytes received on each ended connection, one character per byte.</summary>
    public IReadOnlyCollection<string> Connections => connections;

    async Task Accept()
    {
        try
        {
            while (true)
            {
                var serving = Serve(await listener.AcceptTcpClientAsync());
                open[serving] = true;
                _ = serving.ContinueWith(done => open.TryRemove(done, out _), TaskScheduler.Default);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    async Task Serve(TcpClient client)
    {
        using var _ = client;
        var (stream, received, buffer) = (client.GetStream(), new StringBuilder(), new byte[16 * 1024]);
        var isAnswered = false;
        try
        {
            while (await stream.ReadAsync(buffer) is > 0 and var read)
            {
                received.Append(Encoding.Latin1.GetString(buffer, 0, read));
                if (isAnswered || !IsWhole(received.ToString()))
                    continue;
                isAnswered = true;
                await stream.WriteAsync(Answer(received.ToString()));
            }
        }
        catch (IOException)
        {
            // Web closed the connection; what it sent is recorded.
        }
        connections.Add(received.ToString());
    }

    /// <summary>The index at which the first request ends; -1 if it is incomplete.</summary>
    public static int EndOf(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        if (end < 4)
            return -1;
        var head = text[..end];
        if (head.Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase))
            return text.IndexOf("0\r\n\r\n", end, StringComparison.Ordinal) is >= 0 and var last ? last + 5 : -1;
        var length = head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.Ordinal));
        end += length is null ? 0 : int.Parse(length.Split(' ')[1], CultureInfo.InvariantCulture);
        return text.Length >= end ? end : -1;
    }

    static bool IsWhole(string text) => EndOf(text) >= 0;

    static byte[] Answer(string request)
    {
        var (status, json) = request.Split(' ', 3) switch
        {
            [_, var path, _] when path.Contains("/api/orders/t1-1/", StringComparison.Ordinal) => (200, """{"items":[]}"""),
            ["GET", var path, _] when path.Contains("/api/orders?", StringComparison.Ordinal)
                || path.EndsWith("/api/orders", StringComparison.Ordinal) => (200, """{"items":[]}"""),
            [_, var path, _] when path.Contains("/api/orders", StringComparison.Ordinal) => (200, Order),
            ["POST", var path, _] when path.EndsWith("/api/tickets", StringComparison.Ordinal) => (201, Ticket),
            [_, var path, _] when path.EndsWith("/api/tickets/t1", StringComparison.Ordinal) => (200, Ticket),
            [_, var path, _] when path.Contains("/api/tickets", StringComparison.Ordinal) => (200, """{"items":[]}"""),
            [_, var path, _] when path.Contains("/api/users", StringComparison.Ordinal) =>
                (200, """{"id":"buyer","email":"a@example.com"}"""),
            _ => (404, """{"type":"/problems/not-found","title":"Nothing","status":404}"""),
        };
        var type = status < 400 ? "application/json" : "application/problem+json";
        return Encoding.ASCII.GetBytes($"HTTP/1.1 {status} Whatever\r\nContent-Type: {type}\r\n"
            + $"Content-Length: {json.Length}\r\nConnection: close\r\n\r\n{json}");
    }

    /// <summary>Waits until every connection has ended; to be called when web is stopped.</summary>
    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        await accepting;
        await Task.WhenAll(open.Keys).WaitAsync(TimeSpan.FromSeconds(20));
    }
}
