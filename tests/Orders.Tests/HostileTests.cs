using System.Net;
using System.Net.Http.Json;
using System.Text;
using Ticketing.Contracts;
using Ticketing.Testing;
using static Ticketing.Orders.Tests.Samples;

namespace Ticketing.Orders.Tests;

/// <summary>Hostile requests specific to orders; Hosting.Tests has those of every service.</summary>
public sealed class HostileTests(HostileTests.Fixture fixture) : IClassFixture<HostileTests.Fixture>
{
    public sealed class Fixture : IAsyncLifetime
    {
        internal OrdersHost Orders { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Orders = await OrdersHost.Start();
            await Orders.Deliver(Ticket());
            await Orders.Placed(Ann, Show);
            await Eventually.Is(() => Orders.NewEvents.Count == 1);
        }

        public ValueTask DisposeAsync() => Orders.DisposeAsync();
    }

    readonly OrdersHost orders = fixture.Orders;

    void NothingHappened() => Assert.Equal(OrderEvents.Created, Assert.Single(orders.NewEvents).Type);

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"ticketId\":null}")]
    [InlineData("{\"ticketId\":\"\"}")]
    [InlineData("{\"ticketId\":7}")]
    [InlineData("{\"ticketId\":\"../show1\"}")]
    [InlineData("{\"ticketId\":\"SHOW1\"}")]
    [InlineData("{\"ticketId\":\"show1||x\"}")]
    [InlineData("{\"ticketId\":\"show1\\u0000\"}")]
    [InlineData("{\"ticketId\":{\"value\":\"show1\"}}")]
    [InlineData("{\"ticketId\":\"show1\",\"expectedPrice\":0}")]
    [InlineData("{\"ticketId\":\"show1\",\"expectedPrice\":-4550}")]
    [InlineData("{\"ticketId\":\"show1\",\"expectedPrice\":45.5}")]
    [InlineData("{\"ticketId\":\"show1\",\"expectedPrice\":\"4550\"}")]
    [InlineData("{\"ticketId\":\"show1\",\"expectedPrice\":9223372036854775808}")]
    [InlineData("{\"ticketId\":\"show1\",\"expectedPrice\":1e308}")]
    [InlineData("{\"ticketId\":\"show1\",\"expectedTerms\":0}")]
    [InlineData("{\"ticketId\":\"show1\",\"expectedTerms\":-1}")]
    [InlineData("{\"ticketId\":\"show1\",\"expectedTerms\":1.5}")]
    [InlineData("{\"ticketId\":\"show1\",\"expectedTerms\":\"1\"}")]
    [InlineData("{\"ticketId\":\"show1\",\"expectedTerms\":9223372036854775808}")]
    [InlineData("{\"ticketId\":\"show1\",\"expectedCurrency\":\"USD\"}")]
    [InlineData("{\"ticketId\":\"show1\",\"expectedCurrency\":\"\"}")]
    [InlineData("{\"ticketId\":\"show1\",\"expectedCurrency\":7}")]
    [InlineData("{\"ticketId\":\"show1\",\"ticketId\":\"show2\"}")]
    [InlineData("{\"ticketId\":\"show1\"")]
    [InlineData("{\"ticketId\":\"show1\"} x")]
    public async Task What_is_no_order_places_none(string body)
    {
        var content = new StringContent(body, Encoding.UTF8, "application/json");
        var answer = await orders.As(Ann).PostAsync("/api/orders", content);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        NothingHappened();
    }

    [Fact]
    public async Task Nothing_but_the_ticket_and_the_price_seen_is_taken_from_the_buyer()
    {
        var answer = await orders.As(Ann).PostAsJsonAsync("/api/orders", new
        {
            ticketId = Show.Value, id = "show1-9", price = 1, status = "complete", buyer = "ben", seller = "ann",
            expiresAt = "2099-01-01T00:00:00Z", version = 99, holdSeconds = 999_999,
        });
        var order = await OrdersHost.Order(answer);
        Assert.Equal((First, 4550, OrderStatus.Created), (order.Id, order.Price, order.Status));
        Assert.Equal(order.CreatedAt + Hold, order.ExpiresAt);
        Assert.NotNull(await orders.Get(Ann, First));
        Assert.Null(await orders.Get(Ben, First));
    }

    [Theory]
    [InlineData("show1")]
    [InlineData("show1-0")]
    [InlineData("show1-01")]
    [InlineData("show1--1")]
    [InlineData("show1-1.")]
    [InlineData("SHOW1-1")]
    [InlineData("show1-99999999999")]
    [InlineData("..%2Fshow1-1")]
    [InlineData("show1-1%7C%7Cx")]
    [InlineData("show1-1;x=1")]
    public async Task What_is_no_order_id_is_nowhere(string id)
    {
        foreach (var (method, path) in new[] { ("GET", ""), ("DELETE", ""), ("GET", "/timeline"), ("POST", "/refund") })
        {
            using var request = new HttpRequestMessage(new(method), $"/api/orders/{id}{path}");
            var answer = await orders.As(Ann).SendAsync(request);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
        NothingHappened();
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=-1")]
    [InlineData("limit=101")]
    [InlineData("limit=1000000")]
    [InlineData("limit=x")]
    [InlineData("limit=5&limit=6")]
    [InlineData("after=x")]
    [InlineData("after=1-show1-1'--")]
    public async Task What_is_no_page_is_not_read(string query) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await orders.As(Ann).GetAsync($"/api/orders?{query}")).StatusCode);

    [Fact]
    public async Task Nobody_gets_anywhere_without_signing_in()
    {
        foreach (var (method, path) in new[]
        {
            ("POST", ""), ("GET", ""), ("GET", "/show1-1"), ("DELETE", "/show1-1"), ("POST", "/show1-1/refund"),
            ("GET", "/show1-1/timeline"), ("GET", "/show1-1/live"),
        })
        {
            using var request = new HttpRequestMessage(new(method), $"/api/orders{path}");
            if (path.Length == 0 && method == "POST")
                request.Content = JsonContent.Create(new { ticketId = Show.Value });
            Assert.Equal(HttpStatusCode.Unauthorized, (await orders.Service.Anonymous.SendAsync(request)).StatusCode);
        }
    }

    [Fact]
    public async Task The_snapshot_for_other_apps_is_not_for_people()
    {
        var answer = await orders.As(Ann).GetAsync("/internal/orders/show1-1");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);

        using var request = new HttpRequestMessage(HttpMethod.Get, "/internal/orders/show1-1");
        request.Headers.Add("dapr-api-token", ServiceHost.AppToken);
        var snapshot = await (await orders.Service.Anonymous.SendAsync(request)).Content
            .ReadFromJsonAsync(ContractsJson.Default.OrderSnapshot);
        Assert.Equal((First, Ann, Seller, 4550L),
            (snapshot!.Id, snapshot.Buyer, snapshot.Seller, snapshot.Price.Amount));

        using var none = new HttpRequestMessage(HttpMethod.Get, "/internal/orders/show1-2");
        none.Headers.Add("dapr-api-token", ServiceHost.AppToken);
        await OrdersHost.Refused(await orders.Service.Anonymous.SendAsync(none), 404, "order-not-found");
    }

    [Theory]
    [InlineData("tickets", "{\"data\":[]}")]
    [InlineData("tickets", "{\"id\":\"x\",\"type\":\"ticket.listed\",\"data\":{\"id\":\"show1\"}}")]
    [InlineData("payments", "{\"id\":\"x\",\"type\":\"payment.opened\",\"data\":{\"orderId\":\"nobody\"}}")]
    [InlineData("expirations", "not json")]
    [InlineData("expirations", "{\"id\":\"x\",\"type\":\"expiration.elapsed\",\"data\":{\"orderId\":\"show1\"}}")]
    public async Task A_message_that_can_never_be_read_is_dropped(string topic, string body)
    {
        var message = new StringContent(body, Encoding.UTF8, "application/cloudevents+json");
        var answer = await orders.Service.Deliver($"/events/{topic}", message);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("DROP", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        NothingHappened();
    }

    [Fact]
    public async Task A_message_about_an_order_nobody_knows_changes_nothing()
    {
        var unknown = Payment(PaymentStatus.Authorized, new(new("other"), 7)) with { Again = true };
        Assert.Equal("stale", await orders.Deliver(unknown));
        Assert.Equal("stale", await orders.Deliver(Event.Of(new ExpirationElapsed(new(Show, 7), Now))));
        NothingHappened();
    }
}
