using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Ticketing.Sidecar.PubSub.RabbitMq;

/// <summary>A running subscription: declares the queue and consumes, and repeats both after channel or connection are
/// lost.</summary>
sealed class RabbitConsumer(
    RabbitConnection connection, RabbitSettings settings, BrokerSubscription subscription, TimeProvider time,
    ILogger log) : IAsyncDisposable
{
    static readonly IReadOnlyDictionary<string, string> NoMetadata = new Dictionary<string, string>();

    readonly RabbitQueue _queue = new(settings, subscription.Topic);
    readonly InFlight _inFlight = new();
    readonly CancellationTokenSource _stop = new();
    readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    Task _running = Task.CompletedTask;

    /// <summary>Completes when the queue is declared and consumed.</summary>
    /// <exception cref="Exception">The first attempt failed; there is no retry.</exception>
    public async Task StartAsync(CancellationToken ct)
    {
        _running = Task.Run(RunAsync, CancellationToken.None);
        await _started.Task.WaitAsync(ct);
    }

    async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await ConsumeAsync();
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                // Whatever it is, the next turn tries again: an exception would end the subscription for good.
                if (_started.TrySetException(error)) return;
                PubSubLog.RabbitFailed(log, "consuming", _queue.Name, error.Message);
            }

            await Task.Delay(settings.ReconnectWait, time, _stop.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Returns when the channel is closed; the broker then redelivers its unsettled messages.
    async Task ConsumeAsync()
    {
        await using var channel = await connection.OpenChannelAsync(confirms: false, _stop.Token);
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        channel.ChannelShutdownAsync += (_, reason) => Close(closed, reason.ReplyText);
        await _queue.DeclareAsync(channel, _stop.Token);

        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.UnregisteredAsync += (_, _) => Close(closed, "the broker ended the consumer");
        consumer.ReceivedAsync += (_, delivery) => ReceiveAsync(channel, delivery);
        await channel.BasicConsumeAsync(
            _queue.Name, autoAck: false, $"{_queue.Name}-{Guid.NewGuid()}", noLocal: false, exclusive: false, null,
            consumer, _stop.Token);
        _started.TrySetResult();
        await Task.WhenAny(closed.Task, Task.Delay(Timeout.Infinite, _stop.Token));
        if (_stop.IsCancellationRequested) await _inFlight.StopAsync();
    }

    Task Close(TaskCompletionSource closed, string reason)
    {
        if (closed.TrySetResult() && !_stop.IsCancellationRequested)
            PubSubLog.RabbitFailed(log, "consuming", _queue.Name, reason);
        return Task.CompletedTask;
    }

    // In serial mode the client waits for the result before it delivers the next message.
    Task ReceiveAsync(IChannel channel, BasicDeliverEventArgs delivery)
    {
        // The client reuses the buffer after this returns.
        var message = new BrokerMessage(subscription.Topic, delivery.Body.ToArray(), NoMetadata);
        var handling = HandleAsync(channel, delivery.DeliveryTag, message);
        return settings.IsSerial ? handling : Task.CompletedTask;
    }

    async Task HandleAsync(IChannel channel, ulong tag, BrokerMessage message)
    {
        if (!_inFlight.TryEnter()) return;
        try
        {
            var settled = await subscription.Handle(message, CancellationToken.None);
            if (settled) await channel.BasicAckAsync(tag, multiple: false, CancellationToken.None);
            else await channel.BasicNackAsync(tag, multiple: false, settings.RequeueInFailure, CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            // Cancelled and unsettled: the broker redelivers it when the channel closes.
        }
        catch (Exception error)
        {
            // Not settled: the broker redelivers it when the channel closes.
            PubSubLog.RabbitFailed(log, "settling a message of", _queue.Name, error.Message);
        }
        finally
        {
            _inFlight.Leave();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await _inFlight.StopAsync();
        _stop.Dispose();
    }
}
