using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Ticketing.Contracts;

namespace Ticketing.Payments.Tests;

/// <summary>Reading payments makes few calls to Stripe.</summary>
public sealed class LookTests : IAsyncLifetime
{
    readonly FakeTimeProvider clock = new(DateTimeOffset.UtcNow);
    PaymentsHost payments = null!;

    public async ValueTask InitializeAsync()
    {
        payments = await PaymentsHost.Open(clock);
        await payments.Fault("webhook:*", "drop", 1_000);
    }

    public ValueTask DisposeAsync() => payments.DisposeAsync();

    [Fact]
    public async Task A_hundred_readers_at_once_and_a_hundred_one_after_the_other_make_one_look()
    {
        var order = await payments.Order();
        await payments.Paid(order, null);
        await payments.CountReads();
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Read(order)));
        for (var i = 0; i < 100; i++)
            await Read(order);
        for (var i = 0; i < 20; i++)
            await payments.Paid(order, null);   // the checkout, opened repeatedly
        Assert.Equal(1, await payments.Reads());

        clock.Advance(AggregateHost.RefreshInterval);
        await Read(order);
        await Read(order);
        Assert.InRange(await payments.Reads(), 2, 3);   // the repeat may refresh once too
    }

    [Fact]
    public async Task What_a_look_would_show_is_shown_once_the_interval_is_over()
    {
        var order = await payments.Order();
        var payment = await payments.Paid(order, null);
        await Read(order);
        await payments.Confirm(payment, "pm_card_visa");
        Assert.Equal("opened", await Read(order));
        clock.Advance(AggregateHost.RefreshInterval);
        Assert.Equal("authorized", await Read(order));
    }

    [Fact]
    public async Task A_buyer_back_from_the_bank_does_not_wait_for_the_interval()
    {
        var order = await payments.Order();
        await payments.Paid(order, null);
        await Read(order);
        var waiting = await payments.Paid(order, "pm_card_threeDSecure2Required");
        await payments.Challenge(waiting, "complete");
        Assert.Equal("authorized", await Read(order));
    }

    [Fact]
    public async Task Readers_do_not_wait_for_a_stripe_that_is_silent()
    {
        var order = await payments.Order();
        await payments.Paid(order, null);
        await payments.Fault("retrieve", "delay", times: 1, milliseconds: 5_000);
        var reading = Read(order);
        while (!reading.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Yield();
        }
        Assert.Equal("opened", await reading);
    }

    async Task<string?> Read(OrderId order) =>
        (await payments.Client.GetFromJsonAsync<JsonElement>($"/api/payments/{order}"))
            .GetProperty("status").GetString();
}
