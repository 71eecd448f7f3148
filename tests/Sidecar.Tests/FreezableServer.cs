using System.Net;
using System.Net.Sockets;

namespace Ticketing.Sidecar.Tests;

/// <summary>Forwards connections to a server. While it is frozen it accepts connections and passes nothing on, as a
/// stopped process does.</summary>
sealed class FreezableServer : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _end = new();
    readonly int _target;
    readonly Task _accepting;
    volatile TaskCompletionSource _flows = new();

    public FreezableServer(int target)
    {
        _target = target;
        _flows.SetResult();
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Freeze() => _flows = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Thaw() => _flows.TrySetResult();

    async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ForwardAsync(await _listener.AcceptTcpClientAsync(_end.Token));
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    async Task ForwardAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _target, _end.Token);
                await Task.WhenAny(
                    CopyAsync(client.GetStream(), server.GetStream()), CopyAsync(server.GetStream(), client.GetStream()));
            }
            catch (Exception error) when (error is SocketException or OperationCanceledException)
            {
                // The client sees a connection that broke.
            }
        }
    }

    async Task CopyAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, _end.Token) is > 0 and var length)
        {
            await _flows.Task.WaitAsync(_end.Token);
            await to.WriteAsync(buffer.AsMemory(0, length), _end.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _end.Dispose();
    }
}
