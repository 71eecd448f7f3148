using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Ticketing.Common;
using Ticketing.Contracts;
using Ticketing.Testing;

namespace Ticketing.Orders.Tests;

/// <summary>A replica of the service; hosts with the same store are replicas of each other.</summary>
sealed class OrdersHost : IAsyncDisposable
{
    readonly ServiceHost host;

    OrdersHost(ServiceHost host, AdvancedClock clock) => (this.host, Clock) = (host, clock);

    public AdvancedClock Clock { get; }
    public ServiceHost Service => host;
    public InMemorySidecar Sidecar => host.Sidecar;
    /// <summary>The events it published, without repeats.</summary>
    public IReadOnlyList<Event> NewEvents =>
        [.. Sidecar.Published.Where(message => !message.Id.EndsWith(":again", StringComparison.Ordinal))];

    /// <param name="tickets">The answers of the tickets service; null: it is unreachable.</param>
    public static async Task<OrdersHost> Start(InMemoryStore? store = null, AdvancedClock? clock = null,
        Func<HttpRequestMessage, HttpResponseMessage>? tickets = null, params string[] args)
    {
        clock ??= new();
        return new(await ServiceHost.Start(OrdersApp.Build, builder =>
        {
            if (tickets is not null)
                builder.Services.AddOtherAppsStub(request =>
                    request.RequestUri!.Host == "tickets" ? tickets(request) : Unreachable(request));
        }, store, clock, args), clock);
    }

    static HttpResponseMessage Unreachable(HttpRequestMessage request) =>
        throw new HttpRequestException("No such app.");

    public HttpClient As(UserId user) => host.As(user);

    public Task<HttpResponseMessage> Place(UserId user, TicketId ticket, long? expectedPrice = null) =>
        As(user).PostAsJsonAsync("/api/orders", new { ticketId = ticket.Value, expectedPrice });

    /// <param name="seen">What the buyer says to have seen, by JSON name.</param>
    public Task<HttpResponseMessage> PlaceSeen(UserId user, TicketId ticket, Dictionary<string, object> seen) =>
        As(user).PostAsJsonAsync("/api/orders", new Dictionary<string, object>(seen) { ["ticketId"] = ticket.Value });

    public async Task<OrderView> Placed(UserId user, TicketId ticket) => await Order(await Place(user, ticket));

    public async Task<OrderView?> Get(UserId user, OrderId id)
    {
        var answer = await As(user).GetAsync($"/api/orders/{id}");
        return answer.StatusCode == HttpStatusCode.NotFound ? null : await Order(answer);
    }

    /// <summary>A page of the buyer's list and the cursor of the next.</summary>
    public async Task<(IReadOnlyList<OrderView> Items, string? Next)> List(UserId user, string query = "")
    {
        var page = await As(user).GetFromJsonAsync("/api/orders" + query, OrdersJson.Default.OrderPage);
        return (page!.Items, page.Next);
    }

    /// <summary>Delivers an event and asserts that it was accepted; returns its outcome.</summary>
    public async Task<string> Deliver(Event message, string pubsub = DaprSidecar.PubSub)
    {
        var answer = await host.Deliver(message, pubsub);
        var ack = await answer.Content.ReadFromJsonAsync<Ack>();
        Assert.Equal((HttpStatusCode.OK, "SUCCESS"), (answer.StatusCode, ack!.Status));
        return ack.Outcome;
    }

    public Task<string> Deliver(TicketSnapshot ticket) => Deliver(Event.Of(TicketEvents.Edited, ticket));
    public Task<string> Deliver(PaymentSnapshot payment) => Deliver(Event.Of(PaymentEvents.Opened, payment));

    public static async Task<OrderView> Order(HttpResponseMessage answer)
    {
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        return (await answer.Content.ReadFromJsonAsync(OrdersJson.Default.OrderView))!;
    }

    public static async Task<JsonElement> Refused(HttpResponseMessage answer, int status, string code)
    {
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((status, $"/problems/{code}"), ((int)answer.StatusCode, problem.GetProperty("type").GetString()));
        return problem;
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();
}

/// <summary>The real clock plus the time a test adds.</summary>
/// <param name="timerSpeed">Timers are this many times faster.</param>
sealed class AdvancedClock(int timerSpeed = 1) : TimeProvider
{
    TimeSpan forward;

    public void Advance(TimeSpan by) => forward += by;
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + forward;
    public override long GetTimestamp() => base.GetTimestamp() + (long)(forward.TotalSeconds * TimestampFrequency);
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, Shorter(dueTime), Shorter(period));

    TimeSpan Shorter(TimeSpan wait) => wait > TimeSpan.Zero ? wait / timerSpeed : wait;
}
