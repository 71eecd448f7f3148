using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Ticketing.Testing;

/// <summary>A request byte by byte, because a well-behaved client would refuse to send most of these.</summary>
public sealed record RawRequest(string Method, string Target)
{
    /// <summary>Whole header lines; a header that is repeated is sent twice.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];
    public byte[]? Body { get; init; }
    /// <summary>The value of <c>Content-Length</c> if not the real one; -1: no such header.</summary>
    public long? Length { get; init; }
    /// <summary>Closes the connection after the body instead of waiting for the response.</summary>
    public bool HangUp { get; init; }

    public RawRequest With(params string[] headers)
    {
        var names = headers.Select(Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return this with { Headers = [.. Headers.Where(header => !names.Contains(Name(header))), .. headers] };
    }

    public RawRequest Without(string header) =>
        this with
        {
            Headers =
            [.. Headers.Where(line => !Name(line).Equals(header, StringComparison.OrdinalIgnoreCase))]
        };

    static string Name(string header) => header.Split(':')[0];

    /// <param name="close">The server shall close the connection after its answer.</param>
    public byte[] ToBytes(Uri address, bool close = true)
    {
        var text = new StringBuilder($"{Method} {Target} HTTP/1.1\r\n");
        if (!Headers.Any(header => Name(header).Equals("Host", StringComparison.OrdinalIgnoreCase)))
            text.Append(CultureInfo.InvariantCulture, $"Host: {address.Authority}\r\n");
        foreach (var header in Headers.Where(header => header != "Host: (none)"))
            text.Append(header).Append("\r\n");
        var length = Length ?? Body?.Length;
        if (length >= 0)
            text.Append(CultureInfo.InvariantCulture, $"Content-Length: {length}\r\n");
        text.Append(close ? "Connection: close\r\n\r\n" : "\r\n");
        return [.. Encoding.Latin1.GetBytes(text.ToString()), .. Body ?? []];
    }

    /// <summary>Sends it on a connection of its own.</summary>
    public async Task<RawAnswer> Send(Uri address)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var connection = new TcpClient { NoDelay = true };
        await connection.ConnectAsync(address.Host, address.Port, timeout.Token);
        var stream = connection.GetStream();
        using var received = new MemoryStream();
        try
        {
            await stream.WriteAsync(ToBytes(address), timeout.Token);
            var some = new byte[8192];
            // Not until the server closes: it may first wait for a body that never comes.
            while (!HangUp && !RawAnswer.IsWhole(received.ToArray())
                && await stream.ReadAsync(some, timeout.Token) is > 0 and var read)
                received.Write(some, 0, read);
        }
        catch (IOException)
        {
            // The server closed the connection: what it sent before counts.
        }
        return RawAnswer.Parse(received.ToArray());
    }
}

/// <summary>The response. Status 0: the connection was closed without one.</summary>
public sealed record RawAnswer(int Status, string Head, string Body)
{
    public static RawAnswer Parse(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0 || text.Split(' ') is not [_, var code, ..]
            || !int.TryParse(code, CultureInfo.InvariantCulture, out var status))
            return new(0, text, "");
        var (head, body) = (text[..end], text[(end + 4)..]);
        return new(status, head, head.Contains("chunked", StringComparison.OrdinalIgnoreCase) ? Dechunk(body) : body);
    }

    public static bool IsWhole(byte[] bytes)
    {
        var answer = Parse(bytes);
        if (answer.Status == 0)
            return false;
        if (answer.Head.Contains("chunked", StringComparison.OrdinalIgnoreCase))
            return bytes.AsSpan().EndsWith("\r\n0\r\n\r\n"u8);
        const string Length = "Content-Length: ";
        var line = answer.Head.Split("\r\n")
            .FirstOrDefault(header => header.StartsWith(Length, StringComparison.OrdinalIgnoreCase));
        return line is not null && int.TryParse(line[Length.Length..], CultureInfo.InvariantCulture, out var length)
            && Encoding.UTF8.GetByteCount(answer.Body) >= length;
    }

    static string Dechunk(string body)
    {
        var whole = new StringBuilder();
        for (var lines = new StringReader(body); lines.ReadLine() is { } size;)
        {
            if (!int.TryParse(size, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var length)
                || length == 0)
                break;
            whole.Append(lines.ReadLine());
        }
        return whole.ToString();
    }

    public override string ToString() => $"{Status} {Body[..Math.Min(Body.Length, 300)]}";
}
