using System.Net.Sockets;
using System.Text;

namespace Ticketing.Testing;

/// <summary>One connection on which several requests are sent, byte by byte.</summary>
public sealed class RawConnection : IDisposable
{
    static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(20);
    readonly TcpClient client = new() { NoDelay = true };

    public static async Task<RawConnection> To(Uri address)
    {
        var connection = new RawConnection();
        await connection.client.ConnectAsync(address.Host, address.Port);
        return connection;
    }

    /// <param name="request">One byte per character.</param>
    public async Task Send(string request) =>
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request));

    /// <summary>The next response; status 0: the server closed the connection.</summary>
    /// <param name="isHead">An answer to HEAD has no body, whatever its length says.</param>
    public async Task<RawAnswer> Receive(bool isHead = false)
    {
        using var patience = new CancellationTokenSource(AnswerMax);
        using var received = new MemoryStream();
        var some = new byte[1];
        while (!IsWhole(received.ToArray(), isHead) && await client.GetStream().ReadAsync(some, patience.Token) == 1)
            received.Write(some);
        return RawAnswer.Parse(received.ToArray());
    }

    static bool IsWhole(byte[] bytes, bool isHead) =>
        isHead ? bytes.AsSpan().EndsWith("\r\n\r\n"u8) : RawAnswer.IsWhole(bytes);

    public void Dispose() => client.Dispose();
}
