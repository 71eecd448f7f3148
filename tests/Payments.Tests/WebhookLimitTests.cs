using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ticketing.Contracts;

namespace Ticketing.Payments.Tests;

/// <summary>Signed events that are large, or not meant for this shop.</summary>
public sealed class WebhookLimitTests : IAsyncLifetime
{
    PaymentsHost payments = null!;

    public async ValueTask InitializeAsync()
    {
        payments = await PaymentsHost.Open();
        await payments.Fault("webhook:*", "drop", times: 100);
    }

    public ValueTask DisposeAsync() => payments.DisposeAsync();

    [Theory]
    [InlineData(70_000, 200)]
    [InlineData(1024 * 1024, 200)]
    [InlineData(1024 * 1024 + 1, 413)]
    public async Task An_event_may_have_a_megabyte(int bytes, int status)
    {
        var order = await payments.Order();
        await payments.Confirm(await payments.Paid(order, null), "pm_card_visa");
        var news = (await News(order)).ToJsonString();
        var answer = await payments.Send(news[..^1] + new string(' ', bytes - news.Length) + '}');
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(status is 200 ? PaymentStatus.Authorized : PaymentStatus.Opened,
            (await payments.Stored(order)).Status);
    }

    [Fact]
    public async Task A_megabyte_is_taken_on_that_route_only()
    {
        var body = "{}" + new string(' ', 70_000);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await payments.Send(body, "/api/payments")).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge,
            (await payments.Send(body, "/api/payments/webhooksx")).StatusCode);
    }

    [Theory]
    [InlineData("livemode", "other-mode")]
    [InlineData("account", "other-account")]
    public async Task An_event_that_is_not_of_this_account_and_mode_is_refused_by_name(string member, string code)
    {
        var order = await payments.Order();
        await payments.Paid(order, null);
        var news = await News(order);
        news[member] = member is "livemode" ? true : "acct_connected";
        news["type"] = "invented.type";
        var answer = await payments.Send(news);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal($"/problems/{code}",
            (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString());
    }

    async Task<JsonObject> News(OrderId order) =>
        SignedEvents.Of("payment_intent.amount_capturable_updated", await payments.Intent(order));
}
