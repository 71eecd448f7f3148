using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Ticketing.Contracts;

namespace Ticketing.Payments.Tests;

/// <summary>Buyers who pay before the events of their order have arrived.</summary>
public sealed class EarlyPaymentTests : IAsyncLifetime
{
    static readonly OrderId Order = OrderId.Parse("t1-1", null);
    PaymentsHost payments = null!;

    public async ValueTask InitializeAsync() => payments = await PaymentsHost.Open();
    public ValueTask DisposeAsync() => payments.DisposeAsync();

    [Fact]
    public async Task An_order_not_heard_of_is_asked_for()
    {
        payments.OrdersAnswers(Order, payments.Snapshot(Order, OrderStatus.AwaitingPayment));
        Assert.Equal("authorized", (await payments.Paid(Order)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task An_order_that_has_not_got_its_ticket_yet_is_waited_for_a_moment()
    {
        var created = payments.Snapshot(Order, OrderStatus.Created);
        payments.OrdersAnswers(Order, created, created, payments.Snapshot(Order, OrderStatus.AwaitingPayment));
        Assert.Equal("authorized", (await payments.Paid(Order)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task An_event_that_comes_after_the_payment_finds_it()
    {
        var awaiting = payments.Snapshot(Order, OrderStatus.AwaitingPayment);
        payments.OrdersAnswers(Order, awaiting);
        await payments.Paid(Order);
        Assert.Equal("stale", await payments.Deliver(awaiting));
        Assert.Equal(PaymentStatus.Authorized, (await payments.Stored(Order)).Status);
    }

    [Fact]
    public async Task An_event_that_can_change_nothing_is_acknowledged_without_a_load_unless_it_is_marked_again()
    {
        var (created, awaiting) =
            (payments.Snapshot(Order, OrderStatus.Created), payments.Snapshot(Order, OrderStatus.AwaitingPayment));
        Assert.Equal("applied", await payments.Deliver(awaiting));
        var loads = 0;
        payments.Service.Sidecar.Script = call =>
        {
            loads += call.Key == $"payment:{Order}" ? 1 : 0;
            return Testing.Accident.None;
        };
        Assert.Equal("stale", await payments.Deliver(created));
        Assert.Equal("stale", await payments.Deliver(awaiting));
        Assert.Equal(0, loads);
        await payments.Deliver(awaiting with { Again = true });
        Assert.Equal(1, loads);
    }

    [Fact]
    public async Task But_not_for_ever()
    {
        payments.OrdersAnswers(Order, payments.Snapshot(Order, OrderStatus.Created));
        var answer = await payments.Pay(Order, "pm_card_visa");
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal("created",
            (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("orderStatus").GetString());
    }

    [Fact]
    public async Task An_order_that_does_not_exist_cannot_be_paid_nor_one_of_somebody_else()
    {
        payments.OrdersAnswers(Order, (OrderSnapshot?)null);
        Assert.Equal(HttpStatusCode.NotFound, (await payments.Pay(Order)).StatusCode);
        payments.OrdersAnswers(Order, payments.Snapshot(Order, OrderStatus.AwaitingPayment)
            with
        { Buyer = UserId.Parse("other", null) });
        Assert.Equal(HttpStatusCode.NotFound, (await payments.Pay(Order)).StatusCode);
    }

    [Fact]
    public async Task When_orders_is_down_the_buyer_is_told_to_come_again()
    {
        var answer = await payments.Pay(Order);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "1"),
            (answer.StatusCode, answer.Headers.RetryAfter!.ToString()));
    }
}
