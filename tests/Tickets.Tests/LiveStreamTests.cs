using System.Net.ServerSentEvents;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Ticketing.Contracts;
using Ticketing.Testing;
using static Ticketing.Tickets.Tests.TicketsHost;

namespace Ticketing.Tickets.Tests;

public class LiveStreamTests(TicketsHost service) : IClassFixture<TicketsHost>
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_stream_tells_the_life_of_a_ticket()
    {
        using var stream = await Listen(service.Host);
        Assert.Equal("hello", (await stream.Next()).EventType);

        var id = (await service.List("seller")).Text("id")!;
        await stream.Expect(id, "listed", "open", 4550);
        using var seller = service.Host.As("seller");
        await seller.PutAsync($"/api/tickets/{id}", Body("""{"title":"Hamlet","price":50}"""));
        await stream.Expect(id, "edited", "open", 50);
        await service.ApplyOrder(id, 1, OrderStatus.Created);   // refused: its buyer saw the old price
        await service.ApplyOrder(id, 1, OrderStatus.Cancelled);
        await Lock(id, 2);
        var locked = await stream.Expect(id, "locked", "locked", 50);
        Assert.Equal(Some.Until, locked.GetProperty("lockedUntil").GetDateTimeOffset());
        await service.ApplyOrder(id, 2, OrderStatus.Cancelled);
        Assert.Null((await stream.Expect(id, "unlocked", "open", 50)).Text("lockedUntil"));
        await service.ApplyOrder(id, 3, OrderStatus.Complete);
        await stream.Expect(id, "sold", "sold", 50);
        await service.ApplyOrder(id, 3, OrderStatus.Refunded);
        await stream.Expect(id, "unlocked", "open", 50);
        await seller.DeleteAsync($"/api/tickets/{id}");
        var withdrawn = await stream.Expect(id, "withdrawn", "withdrawn", 50);
        var now = await service.Get($"/api/tickets/{id}");
        Assert.Equal(now.GetProperty("version").GetInt64(), withdrawn.GetProperty("version").GetInt64());
        Assert.True(locked.GetProperty("version").GetInt64() < withdrawn.GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task An_event_tells_all_that_a_page_shows_of_the_ticket()
    {
        using var stream = await Listen(service.Host);
        await stream.Next();
        var body = """
            {"title":"Hamlet","price":4550,"currency":"eur","venue":"Globe","startsAt":"2098-05-01T20:00:00Z","seat":"A 1",
             "timeZone":"Europe/London"}
            """;
        var id = (await service.List("seller", JsonElement.Parse(body))).Text("id")!;
        await stream.Expect(id, "listed", "open", 4550);
        using var seller = service.Host.As("seller");
        (string, string)[] edits =
        [
            ("Hamlet", "Macbeth"), ("eur", "gbp"), ("Globe", "Rose"), ("2098", "2097"), ("A 1", "B"), ("London", "Paris"),
        ];
        foreach (var (was, now) in edits)
        {
            body = body.Replace(was, now, StringComparison.Ordinal);
            await seller.PutAsync($"/api/tickets/{id}", Body(body));
            var told = await stream.Expect(id, "edited", "open", 4550);
            var shown = await service.Get($"/api/tickets/{id}");
            foreach (var member in shown.EnumerateObject().Where(member => member.Name != "sellerId"))
                Assert.Equal(member.Value.ToString(), told.Text(member.Name));
        }
        (await seller.DeleteAsync($"/api/tickets/{id}")).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task Only_news_reaches_a_stream()
    {
        using var stream = await Listen(service.Host);
        await stream.Next();
        var sold = Some.In("sold").Snapshot() with { Id = new("news") };
        var locked = Some.In("locked").Snapshot() with { Id = new("news") };
        foreach (var ticket in new[] { sold, locked, sold, sold with { Version = 9 } })
            await service.Host.Deliver(Event.Of(TicketEvents.Sold, ticket), Common.DaprSidecar.Broadcast);
        await stream.Expect("news", "sold", "sold", 4550);

        var id = (await service.List("seller")).Text("id")!;
        await stream.Expect(id, "listed", "open", 4550);
    }

    [Fact]
    public async Task A_ticket_that_is_heard_of_when_its_show_has_begun_is_not_announced()
    {
        using var stream = await Listen(service.Host);
        await stream.Next();
        var begun = Some.Open.Snapshot() with { Id = new("begun"), StartsAt = DateTimeOffset.UtcNow };
        await service.Host.Deliver(Event.Of(TicketEvents.Listed, begun), Common.DaprSidecar.Broadcast);
        await service.Host.Deliver(Event.Of(TicketEvents.Withdrawn, begun with { Version = 2, Withdrawn = true }),
            Common.DaprSidecar.Broadcast);
        await stream.Expect("begun", "withdrawn", "withdrawn", 4550);
    }

    [Fact]
    public async Task A_client_hears_of_the_tickets_it_shows_and_of_no_other()
    {
        var (shown, other) = ((await service.List("seller")).Text("id")!, (await service.List("seller")).Text("id")!);
        using var stream = await Listen(service.Host, query: $"?ids={shown}");
        using var newest = await Listen(service.Host, query: "?ids=&listed=true");
        await service.List("seller");
        using var seller = service.Host.As("seller");
        foreach (var id in new[] { other, shown })
            await seller.DeleteAsync($"/api/tickets/{id}");

        Assert.Equal(["hello", $"withdrawn {shown}"], [await Kind(stream), await Kind(stream)]);
        Assert.Equal("hello", await Kind(newest));
        Assert.StartsWith("listed ", await Kind(newest), StringComparison.Ordinal);
        var live = service.Host.Services.GetRequiredService<LiveStream>();
        var before = live.Count;
        stream.Dispose();
        await Eventually.Is(() => live.Count == before - 1);
    }

    [Fact]
    public async Task A_client_may_show_so_many_tickets()
    {
        var ids = Enumerable.Range(0, LiveFilter.IdsMax + 1).Select(i => $"t{i}").ToList();
        using var most = await Listen(service.Host, query: $"?ids={string.Join(',', ids.Skip(1))}");
        foreach (var bad in new[] { string.Join(',', ids), "no_id", "a b", "live" })
        {
            using var answer = await service.Host.Anonymous.GetAsync($"/api/tickets/live?ids={bad}");
            await AssertProblem(answer, 400, "invalid");
        }
    }

    static async Task<string> Kind(OpenStream stream)
    {
        var item = await stream.Next();
        return $"{item.EventType} {JsonElement.Parse(item.Data).Text("id")}".Trim();
    }

    [Fact]
    public async Task The_stream_is_passed_on_unbuffered()
    {
        using var stream = await Listen(service.Host);
        Assert.Equal("text/event-stream", stream.Answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("no", stream.Answer.Headers.GetValues("X-Accel-Buffering").Single());
        Assert.True(stream.Answer.Headers.CacheControl?.NoCache);
        Assert.InRange((await stream.Next()).ReconnectionInterval!.Value.TotalSeconds, 1, 4);
    }

    [Fact]
    public async Task A_quiet_stream_has_a_heartbeat_and_the_servers_clock()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Some.Noon);
        await using var host = await ServiceHost.Start(TicketsApp.Build, clock: clock);
        using var stream = await Listen(host);
        Assert.Equal(Some.Noon, JsonElement.Parse((await stream.Next()).Data).GetProperty("now").GetDateTimeOffset());
        clock.Advance(LiveStream.HeartbeatInterval);
        var beat = await stream.Next();
        Assert.Equal("heartbeat", beat.EventType);
        Assert.Equal(Some.Noon + LiveStream.HeartbeatInterval,
            JsonElement.Parse(beat.Data).GetProperty("now").GetDateTimeOffset());
    }

    [Fact]
    public async Task A_stream_ends_with_the_session_that_opened_it_and_nobodys_goes_on()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Some.Noon);
        await using var host = await ServiceHost.Start(TicketsApp.Build, clock: clock);
        using var nobodys = await Listen(host);
        using var anns = await Listen(host, "ann");
        using var bens = await Listen(host, "ben");
        foreach (var stream in new[] { nobodys, anns, bens })
            Assert.Equal("hello", (await stream.Next()).EventType);

        await host.Deliver(Event.Of(new SessionRevoked("ann", new("ann"), Some.Noon.AddHours(1))),
            Common.DaprSidecar.Broadcast);
        clock.Advance(LiveStream.HeartbeatInterval);
        Assert.True(await anns.Ends());
        Assert.Equal("heartbeat", (await bens.Next()).EventType);

        clock.SetUtcNow(Some.Noon.AddHours(1));         // every token has run out
        clock.Advance(LiveStream.HeartbeatInterval);
        Assert.True(await bens.Ends());
        Assert.Equal("heartbeat", (await nobodys.Next()).EventType);
    }

    [Fact]
    public async Task A_place_has_so_many_streams_at_once_and_gets_them_back_when_they_end()
    {
        await using var host = await ServiceHost.Start(TicketsApp.Build, args: "--Streams:PerAddressMax=1");
        var stream = await Listen(host);
        await stream.Next();
        using var second = await host.Anonymous.GetAsync("/api/tickets/live");
        await AssertProblem(second, 429, "too-many-requests");
        Assert.Equal(Common.EventStreams.RetryAfter, second.Headers.RetryAfter?.Delta);

        stream.Dispose();
        await Eventually.Is(() => host.Services.GetRequiredService<Common.EventStreams>().Count == 0);
        (await Listen(host)).Dispose();
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_cut_off_and_holds_up_nobody()
    {
        var live = service.Host.Services.GetRequiredService<LiveStream>();
        var catalog = service.Host.Services.GetRequiredService<Catalog>();
        using var stop = new CancellationTokenSource();
        await using var slow = live.Listen(stop.Token).GetAsyncEnumerator(stop.Token);
        await slow.MoveNextAsync();
        using var quick = await Listen(service.Host);
        await quick.Next();
        for (var version = 1; version <= 200; version++)
        {
            catalog.Apply(Some.Open.Snapshot() with { Id = new("busy"), Version = version, TermsVersion = version });
            await quick.Expect("busy", version == 1 ? "listed" : "edited", "open", 4550);
        }

        var heard = 0;
        while (await slow.MoveNextAsync().AsTask().WaitAsync(Patience))
            heard++;
        Assert.InRange(heard, 1, 100);
    }

    [Fact]
    public async Task A_client_that_leaves_is_forgotten()
    {
        var live = service.Host.Services.GetRequiredService<LiveStream>();
        var stream = await Listen(service.Host);
        await stream.Next();
        var before = live.Count;
        stream.Dispose();
        await Eventually.Is(() => live.Count < before);
    }

    [Fact]
    public async Task Open_streams_do_not_hold_up_the_end_of_the_service()
    {
        var host = await ServiceHost.Start(TicketsApp.Build);
        using var stream = await Listen(host);
        await stream.Next();
        await host.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(5));
        await Assert.ThrowsAnyAsync<Exception>(stream.Next);
    }

    async Task Lock(string id, int seq)
    {
        var order = Some.Order(seq, OrderStatus.Created) with
        {
            Id = new(new(id), seq),
            TicketId = new(id),
            TermsVersion = 2,
        };
        (await service.Host.Deliver(Event.Of(OrderEvents.Created, order))).EnsureSuccessStatusCode();
    }

    static StringContent Body(string json) => new(json, null, "application/json");

    static async Task<OpenStream> Listen(ServiceHost host, string? user = null, string query = "")
    {
        var client = user is null ? host.Anonymous : host.As(user);
        var answer = await client.GetAsync("/api/tickets/live" + query, HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        var items = SseParser.Create(await answer.Content.ReadAsStreamAsync()).EnumerateAsync();
        return new(answer, items.GetAsyncEnumerator());
    }

    sealed record OpenStream(HttpResponseMessage Answer, IAsyncEnumerator<SseItem<string>> Items) : IDisposable
    {
        public async Task<SseItem<string>> Next()
        {
            Assert.True(await Items.MoveNextAsync().AsTask().WaitAsync(Patience), "The stream ended.");
            return Items.Current;
        }

        public async Task<bool> Ends() => !await Items.MoveNextAsync().AsTask().WaitAsync(Patience);

        /// <summary>The next event about this ticket; events of other tests' tickets are skipped.</summary>
        public async Task<JsonElement> Expect(string id, string name, string status, long price)
        {
            while (true)
            {
                var item = await Next();
                var data = JsonElement.Parse(item.Data);
                if (data.Text("id") != id)
                    continue;
                Assert.Equal((name, status, price),
                    (item.EventType, data.Text("status"), data.GetProperty("price").GetInt64()));
                return data;
            }
        }

        public void Dispose() => Answer.Dispose();
    }
}
