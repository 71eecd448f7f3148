using System.Collections.Concurrent;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>
/// Tells every open stream what happens to tickets. Each event is written as JSON once, whoever listens. A client that
/// does not keep up is cut off rather than waited for: it comes back, and reads the list afresh.
/// </summary>
sealed class LiveStream : BackgroundService
{
    public static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);
    const int NewsMax = 4_096, BacklogMax = 64;
    /// <summary>Streams cut off together do not come back together.</summary>
    const int ReconnectMsMin = 1_000, ReconnectMsMax = 4_000;

    readonly Channel<(TicketSnapshot? Before, TicketSnapshot After)> news =
        Channel.CreateBounded<(TicketSnapshot?, TicketSnapshot)>(NewsMax);
    readonly ConcurrentDictionary<Channel<SseItem<byte[]>>, bool> clients = new();
    readonly Random random;
    readonly ILogger<LiveStream> log;
    readonly TimeProvider clock;
    volatile bool overflowed;

    public LiveStream(Catalog catalog, Random random, IHostApplicationLifetime lifetime, ILogger<LiveStream> log,
        TimeProvider clock)
    {
        (this.random, this.log, this.clock) = (random, log, clock);
        catalog.Changed += (before, after) => overflowed |= !news.Writer.TryWrite((before, after));
        // The server waits for open requests before it stops, and these never end by themselves.
        lifetime.ApplicationStopping.Register(() => Close([.. clients.Keys]));
    }

    public int Count => clients.Count;

    public async IAsyncEnumerable<SseItem<byte[]>> Listen([EnumeratorCancellation] CancellationToken ct)
    {
        var client = Channel.CreateBounded<SseItem<byte[]>>(BacklogMax);
        clients[client] = true;
        try
        {
            // Headers leave with the first item: without it a quiet stream would never open.
            yield return Greeting("hello") with
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
        Task.WhenAll(TellNews(stoppingToken), Beat(stoppingToken));

    async Task TellNews(CancellationToken ct)
    {
        await foreach (var (before, after) in news.Reader.ReadAllAsync(ct))
        {
            foreach (var (name, message) in LiveEvent.Between(before, after))
                Tell(new(JsonSerializer.SerializeToUtf8Bytes(message, TicketsJson.Default.LiveEvent), name));
            if (!overflowed)
                continue;
            // Something was left out of every stream.
            overflowed = false;
            CutOff([.. clients.Keys]);
        }
    }

    async Task Beat(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(HeartbeatInterval, clock);
        while (await timer.WaitForNextTickAsync(ct))
            Tell(Greeting("heartbeat"));
    }

    SseItem<byte[]> Greeting(string name) =>
        new(JsonSerializer.SerializeToUtf8Bytes(new(clock.GetUtcNow()), TicketsJson.Default.LiveHello), name);

    void Tell(SseItem<byte[]> item)
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
