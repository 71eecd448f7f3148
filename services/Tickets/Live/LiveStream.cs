using System.Collections.Concurrent;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>
/// Sends every change of a ticket to all open streams. Each event is serialized once. A client that reads too slowly is
/// disconnected, so that it delays nobody: it reconnects and reads the list anew.
/// </summary>
sealed class LiveStream : BackgroundService
{
    public static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);
    const int ChangesMax = 4_096, BacklogMax = 64;
    /// <summary>A random delay: clients that were disconnected together do not all reconnect at once.</summary>
    const int ReconnectMsMin = 1_000, ReconnectMsMax = 4_000;

    readonly Channel<(TicketSnapshot? Before, TicketSnapshot After)> changes =
        Channel.CreateBounded<(TicketSnapshot?, TicketSnapshot)>(ChangesMax);
    readonly ConcurrentDictionary<Channel<SseItem<byte[]>>, bool> clients = new();
    readonly Random random;
    readonly ILogger<LiveStream> log;
    readonly TimeProvider clock;
    volatile bool overflowed;

    public LiveStream(Catalog catalog, Random random, IHostApplicationLifetime lifetime, ILogger<LiveStream> log,
        TimeProvider clock)
    {
        (this.random, this.log, this.clock) = (random, log, clock);
        catalog.Changed += (before, after) => overflowed |= !changes.Writer.TryWrite((before, after));
        // A stopping server waits for open requests, and a stream would never end by itself.
        lifetime.ApplicationStopping.Register(() => Close([.. clients.Keys]));
    }

    public int Count => clients.Count;

    public async IAsyncEnumerable<SseItem<byte[]>> Listen([EnumeratorCancellation] CancellationToken ct)
    {
        var client = Channel.CreateBounded<SseItem<byte[]>>(BacklogMax);
        clients[client] = true;
        try
        {
            // Headers are sent with the first item: without it a client of a quiet stream would wait for them.
            yield return ServerTime("hello") with
            {
                ReconnectionInterval = TimeSpan.FromMilliseconds(random.Next(ReconnectMsMin, ReconnectMsMax)),
            };
            await foreach (var item in client.Reader.ReadAllAsync(ct))
                yield return item;
        }
        finally
        {
            clients.TryRemove(client, out _);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(SendChanges(stoppingToken), SendHeartbeats(stoppingToken));

    async Task SendChanges(CancellationToken ct)
    {
        await foreach (var (before, after) in changes.Reader.ReadAllAsync(ct))
        {
            foreach (var (name, message) in LiveEvent.Between(before, after))
                Send(new(JsonSerializer.SerializeToUtf8Bytes(message, TicketsJson.Default.LiveEvent), name));
            if (!overflowed)
                continue;
            // A change was lost for every stream: clients must read the list anew.
            overflowed = false;
            CutOff([.. clients.Keys]);
        }
    }

    async Task SendHeartbeats(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(HeartbeatInterval, clock);
        while (await timer.WaitForNextTickAsync(ct))
            Send(ServerTime("heartbeat"));
    }

    SseItem<byte[]> ServerTime(string name) =>
        new(JsonSerializer.SerializeToUtf8Bytes(new(clock.GetUtcNow()), TicketsJson.Default.LiveHello), name);

    void Send(SseItem<byte[]> item)
    {
        var slow = new List<Channel<SseItem<byte[]>>>();
        foreach (var (client, _) in clients)
        {
            if (!client.Writer.TryWrite(item))
                slow.Add(client);
        }
        CutOff(slow);
    }

    void CutOff(List<Channel<SseItem<byte[]>>> slow)
    {
        Close(slow);
        if (slow.Count > 0)
            log.StreamsCutOff(slow.Count);
    }

    void Close(List<Channel<SseItem<byte[]>>> some)
    {
        foreach (var client in some)
        {
            clients.TryRemove(client, out _);
            client.Writer.TryComplete();
        }
    }
}
