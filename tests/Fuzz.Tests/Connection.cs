using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Ticketing.Fuzz.Tests;

/// <summary>The response; status 0: none, or not a valid one.</summary>
/// <param name="Headers">Names and values as they were sent, each byte a character.</param>
sealed record Answer(int Status, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body, string Ending = "")
{
    public static Answer None(string ending) => new(0, [], [], ending);

    public string? Header(string name) => Headers
        .FirstOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    public bool IsStream => Header("Content-Type")?.StartsWith("text/event-stream", StringComparison.Ordinal) is true;
    public bool SaysClose => Header("Connection")?.Contains("close", StringComparison.OrdinalIgnoreCase) is true;

    public string Text => Encoding.UTF8.GetString(Body);
}

/// <summary>One keep-alive connection, which parses responses strictly.</summary>
sealed class Connection : IDisposable
{
    const int HeadMax = 64 * 1024, BodyMax = 8 * 1024 * 1024;

    readonly TcpClient client = new() { NoDelay = true };
    readonly byte[] some = new byte[16 * 1024];
    NetworkStream stream = null!;
    byte[] rest = [];

    public static async Task<Connection> Open(Uri address, CancellationToken ct)
    {
        var connection = new Connection();
        await connection.client.ConnectAsync(address.Host, address.Port, ct);
        connection.stream = connection.client.GetStream();
        return connection;
    }

    /// <param name="isLast">Closes the sending side: the server need not wait for the rest of a body.</param>
    public async Task<Answer> Ask(byte[] request, bool isHead, bool isLast, CancellationToken ct)
    {
        try
        {
            await stream.WriteAsync(request, ct);
            if (isLast)
                client.Client.Shutdown(SocketShutdown.Send);
        }
        catch (IOException)
        {
            // The server has closed the connection; it may have answered before.
        }
        try
        {
            while (true)
            {
                var head = await ReadHead(ct);
                if (head is null)
                    return Answer.None("closed without an answer");
                if (head.Status is >= 200 or 101)
                    return head with { Body = await ReadBody(head, isHead, ct) };
            }
        }
        catch (IOException)
        {
            return Answer.None("closed without an answer");
        }
        catch (OperationCanceledException)
        {
            return Answer.None("no answer in time");
        }
    }

    async Task<Answer?> ReadHead(CancellationToken ct)
    {
        int end;
        while ((end = rest.AsSpan().IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (rest.Length > HeadMax || !await More(ct))
                return null;
        }
        var lines = Encoding.Latin1.GetString(rest, 0, end).Split("\r\n");
        rest = rest[(end + 4)..];
        if (lines[0].Split(' ') is not ["HTTP/1.1", var code, ..]
            || !int.TryParse(code, CultureInfo.InvariantCulture, out var status))
            return null;
        return new(status, [.. lines.Skip(1).Select(line => line.Split(':', 2))
            .Select(pair => (pair[0], pair.Length > 1 ? pair[1].Trim(' ') : ""))], []);
    }

    async Task<byte[]> ReadBody(Answer head, bool isHead, CancellationToken ct)
    {
        if (isHead || head.IsStream || head.Status is 101 or 204 or 304)
            return [];
        if (head.Header("Transfer-Encoding") is not null)
            return await ReadChunks(ct);
        if (head.Header("Content-Length") is { } length)
            return await Take(int.Parse(length, CultureInfo.InvariantCulture), ct);
        while (rest.Length < BodyMax && await More(ct)) { }
        return rest;
    }

    async Task<byte[]> ReadChunks(CancellationToken ct)
    {
        using var body = new MemoryStream();
        while (true)
        {
            int end;
            while ((end = rest.AsSpan().IndexOf("\r\n"u8)) < 0)
            {
                if (!await More(ct))
                    throw new IOException("The body ends in the middle.");
            }
            var size = int.Parse(rest.AsSpan(..end), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            rest = rest[(end + 2)..];
            var chunk = await Take(size + 2, ct);
            if (size == 0)
                return body.ToArray();
            body.Write(chunk.AsSpan(..size));
        }
    }

    async Task<byte[]> Take(int count, CancellationToken ct)
    {
        while (rest.Length < count)
        {
            if (count > BodyMax || !await More(ct))
                throw new IOException("The body ends in the middle.");
        }
        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }

    async Task<bool> More(CancellationToken ct)
    {
        var read = await stream.ReadAsync(some, ct);
        rest = [.. rest, .. some.AsSpan(..read)];
        return read > 0;
    }

    public void Dispose() => client.Dispose();
}
