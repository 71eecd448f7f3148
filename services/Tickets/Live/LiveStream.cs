using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>
/// Sends every change of a ticket to the open streams that want it. Each event is serialized once. A client that reads
/// too slowly is disconnected, so that it delays nobody: it reconnects and reads the list anew.
/// </summary>
sealed class LiveStream : BackgroundService
{
    public static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);
    const int ChangesMax = 4_096, BacklogMax = 64;
    /// <summary>A random delay: clients that were disconnected together do not all reconnect at once.</summary>
    const int ReconnectMsMin = 1_000, ReconnectMsMax = 4_000;

    readonly Channel<(TicketSnapshot? Before, TicketSnapshot After)> changes =
        Channel.CreateBounded<(TicketSnapshot?, TicketSnapshot)>(ChangesMax);
    readonly LiveClients clients = new();
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
        lifetime.ApplicationStopping.Register(() => Close(clients.All));
    }

    public int Count => clients.Count;

    /// <summary>Every event of every ticket.</summary>
    public IAsyncEnumerable<SseItem<byte[]>> Listen(CancellationToken ct) => Listen(LiveFilter.Everything, ct);

    public async IAsyncEnumerable<SseItem<byte[]>> Listen(
        LiveFilter filter, [EnumeratorCancellation] CancellationToken ct)
    {
        var client = new LiveClient(filter, Channel.CreateBounded<SseItem<byte[]>>(BacklogMax));
        clients.Add(client);
        try
        {
            // Headers are sent with the first item: without it a client of a quiet stream would wait for them.
            yield return ServerTime("hello") with
            {
                ReconnectionInterval = TimeSpan.FromMilliseconds(random.Next(ReconnectMsMin, ReconnectMsMax)),
            };
            await foreach (var item in client.Channel.Reader.ReadAllAsync(ct))
                yield return item;
        }
        finally
        {
            clients.Remove(client);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(SendChanges(stoppingToken), SendHeartbeats(stoppingToken));

    async Task SendChanges(CancellationToken ct)
    {
        await foreach (var (before, after) in changes.Reader.ReadAllAsync(ct))
        {
            // Heard of so late that its show has begun.
            if (before is null && after.HasBegun(clock.GetUtcNow()))
                continue;
            foreach (var (name, message) in LiveEvent.Between(before, after))
                Send(clients.Of(message.Id, name == LiveEvent.Listed),
                    new(JsonSerializer.SerializeToUtf8Bytes(message, TicketsJson.Default.LiveEvent), name));
            if (!overflowed)
                continue;
            // A change was lost for every stream: clients must read the list anew.
            overflowed = false;
            CutOff(clients.All);
        }
    }

    async Task SendHeartbeats(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(HeartbeatInterval, clock);
        while (await timer.WaitForNextTickAsync(ct))
            Send(clients.All, ServerTime("heartbeat"));
    }

    SseItem<byte[]> ServerTime(string name) =>
        new(JsonSerializer.SerializeToUtf8Bytes(new(clock.GetUtcNow()), TicketsJson.Default.LiveHello), name);

    void Send(IEnumerable<LiveClient> receivers, SseItem<byte[]> item) =>
        CutOff([.. receivers.Where(client => !client.Channel.Writer.TryWrite(item))]);

    void CutOff(IReadOnlyCollection<LiveClient> slow)
    {
        Close(slow);
        if (slow.Count > 0)
            log.StreamsCutOff(slow.Count);
    }

    void Close(IReadOnlyCollection<LiveClient> some)
    {
        foreach (var client in some)
        {
            clients.Remove(client);
            client.Channel.Writer.TryComplete();
        }
    }
}
