using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Ticketing.Sidecar.PubSub.RabbitMq;

/// <summary>The one connection of a component, opened again at the next use after it broke.</summary>
sealed class RabbitConnection(ConnectionFactory factory) : IAsyncDisposable
{
    readonly SemaphoreSlim _opening = new(1);
    IConnection? _connection;
    bool _isClosed;

    /// <exception cref="Exception">One that <see cref="IsFault"/> knows: the broker cannot be reached.</exception>
    public async Task<IChannel> OpenChannelAsync(bool confirms, CancellationToken ct)
    {
        var connection = await OpenAsync(ct);
        return await connection.CreateChannelAsync(new CreateChannelOptions(confirms, confirms), ct);
    }

    /// <summary>Exceptions of the broker, the network and the client when a connection or channel is closed.</summary>
    public static bool IsFault(Exception error) =>
        error is RabbitMQClientException or IOException or ObjectDisposedException or TimeoutException
            or System.Net.Sockets.SocketException;

    async Task<IConnection> OpenAsync(CancellationToken ct)
    {
        await _opening.WaitAsync(ct);
        try
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            if (_connection is { IsOpen: true }) return _connection;
            if (_connection is not null) await _connection.DisposeAsync();
            _connection = null;
            return _connection = await factory.CreateConnectionAsync(ct);
        }
        finally
        {
            _opening.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _opening.WaitAsync();
        try
        {
            _isClosed = true;
            if (_connection is not null) await _connection.DisposeAsync();
        }
        finally
        {
            _opening.Release();
        }
    }
}
