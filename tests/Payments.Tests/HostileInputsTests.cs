using Ticketing.Testing;

namespace Ticketing.Payments.Tests;

/// <summary>The generic hostile inputs against every route that browsers can reach.</summary>
public sealed class HostileInputsTests
{
    public static TheoryData<string, string, string?, bool> Routes => new()
    {
        { "GET", "/api/payments/config", null, false },
        { "GET", "/api/payments/{id}", null, true },
        { "POST", "/api/payments", """{"orderId":"{id}","paymentMethod":"pm_card_visa"}""", true },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task No_hostile_input_gets_through(string method, string path, string? body, bool needsUser)
    {
        await using var payments = await PaymentsHost.Open(settings: "--RateLimits:Multiplier=1000");
        var id = (await payments.Order()).ToString();
        await payments.Paid(await payments.Order());
        var route = new HostileRoute(method, path.Replace("{id}", id, StringComparison.Ordinal),
            body?.Replace("{id}", id, StringComparison.Ordinal))
        {
            NeedsUser = needsUser,
            Id = path.Contains("{id}", StringComparison.Ordinal) ? id : null,
        };
        Assert.Equal([], await HostileInputs.Attack(payments.Service, route, PaymentsHost.Buyer));
    }
}
