using System.Collections.Immutable;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Ticketing.Contracts;

namespace Ticketing.Orders;

/// <summary>
/// Sends every change of an order to the browsers that watch it: after this replica's own saves, and after the broadcast
/// events of other replicas. A lost event is made up for at the next heartbeat, when the order is read again.
/// </summary>
public sealed class OrderStreams(
    OrderFinder orders, Random random, TimeProvider clock, IHostApplicationLifetime lifetime) : IProjection<Book>
{
    public static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);
    /// <summary>Only the newest state counts: a slow reader misses steps, but not the last one.</summary>
    const int BacklogMax = 4;
    /// <summary>Streams that were cut off together do not come back together.</summary>
    const int ReconnectMsMin = 1_000, ReconnectMsMax = 4_000;

    readonly Lock gate = new();
    readonly Dictionary<OrderId, ImmutableList<Channel<OrderView>>> watchers = [];

    public void Apply(Book saved)
    {
        foreach (var order in saved.Orders)
            Send(saved.SnapshotOf(order));
    }

    public void Send(OrderSnapshot order)
    {
        ImmutableList<Channel<OrderView>>? channels;
        lock (gate)
            watchers.TryGetValue(order.Id, out channels);
        foreach (var channel in channels ?? [])
            channel.Writer.TryWrite(OrderView.Of(order));
    }

    /// <summary>
    /// Events <c>order</c>: the order as it is, and then every change; between them <c>heartbeat</c>. Until the client
    /// or the server goes.
    /// </summary>
    public async IAsyncEnumerable<SseItem<string>> Watch(OrderId id, [EnumeratorCancellation] CancellationToken ct)
    {
        // Registered at the first read: a stream that is never read would never be removed.
        var channel = Enter(id);
        try
        {
            OrderView? latest = null, first = null;
            // The server waits for open requests before it stops, and these never end by themselves.
            for (var sent = 0L; !lifetime.ApplicationStopping.IsCancellationRequested;)
            {
                latest ??= await orders.Find(id, ct) is { } order ? OrderView.Of(order) : null;
                first ??= latest;
                yield return latest?.Version > sent ? ToItem(latest.WithTermsOf(first!)) : new("{}", "heartbeat");
                sent = Math.Max(sent, latest?.Version ?? 0);
                latest = await Next(channel.Reader, sent, ct);
            }
        }
        finally
        {
            Leave(id, channel);
        }
    }

    /// <returns>Null: nothing new happened for a while.</returns>
    async Task<OrderView?> Next(ChannelReader<OrderView> latest, long sent, CancellationToken ct)
    {
        using var pause = new CancellationTokenSource(HeartbeatInterval, clock);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(pause.Token, lifetime.ApplicationStopping, ct);
        try
        {
            OrderView next;
            do
                next = await latest.ReadAsync(any.Token);
            while (next.Version <= sent);
            return next;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null;
        }
    }

    SseItem<string> ToItem(OrderView order) =>
        new(JsonSerializer.Serialize(order, OrdersJson.Default.OrderView), "order")
        {
            ReconnectionInterval = TimeSpan.FromMilliseconds(random.Next(ReconnectMsMin, ReconnectMsMax)),
        };

    Channel<OrderView> Enter(OrderId id)
    {
        var channel = Channel.CreateBounded<OrderView>(
            new BoundedChannelOptions(BacklogMax) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (gate)
            watchers[id] = watchers.GetValueOrDefault(id, []).Add(channel);
        return channel;
    }

    void Leave(OrderId id, Channel<OrderView> channel)
    {
        lock (gate)
        {
            watchers[id] = watchers[id].Remove(channel);
            if (watchers[id].IsEmpty)
                watchers.Remove(id);
        }
    }
}
