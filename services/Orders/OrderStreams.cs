using System.Collections.Immutable;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Ticketing.Contracts;

namespace Ticketing.Orders;

/// <summary>
/// Tells who watches an order of every change of it, by this replica's own saves and by the broadcast events of the
/// others'. A message that got lost shows at the next heartbeat: then the order is read again.
/// </summary>
public sealed class OrderStreams(
    OrderFinder orders, Random random, TimeProvider clock, IHostApplicationLifetime lifetime) : IProjection<Book>
{
    public static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);
    /// <summary>Only the newest state counts: who does not keep up misses steps, not the end.</summary>
    const int BacklogMax = 4;
    /// <summary>Streams that were cut off together do not come back together.</summary>
    const int ReconnectMsMin = 1_000, ReconnectMsMax = 4_000;

    readonly Lock gate = new();
    readonly Dictionary<OrderId, ImmutableList<Channel<OrderView>>> watchers = [];

    public void Apply(Book saved)
    {
        foreach (var order in saved.Orders)
            Tell(saved.SnapshotOf(order));
    }

    public void Tell(OrderSnapshot order)
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
        // Here and not before the first event is asked for: a stream nobody reads has no end that would take it out.
        var channel = Enter(id);
        try
        {
            OrderView? news = null;
            // The server waits for open requests before it stops, and these never end by themselves.
            for (var told = 0L; !lifetime.ApplicationStopping.IsCancellationRequested;)
            {
                news ??= await orders.Find(id, ct) is { } order ? OrderView.Of(order) : null;
                yield return news?.Version > told ? ToItem(news) : new("{}", "heartbeat");
                told = Math.Max(told, news?.Version ?? 0);
                news = await Next(channel.Reader, told, ct);
            }
        }
        finally
        {
            Leave(id, channel);
        }
    }

    /// <returns>Null: nothing new happened for a while.</returns>
    async Task<OrderView?> Next(ChannelReader<OrderView> news, long told, CancellationToken ct)
    {
        using var pause = new CancellationTokenSource(HeartbeatInterval, clock);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(pause.Token, lifetime.ApplicationStopping, ct);
        try
        {
            OrderView next;
            do
                next = await news.ReadAsync(any.Token);
            while (next.Version <= told);
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
