using Ticketing.Testing;

namespace Ticketing.Payments.Tests;

/// <summary>The generic hostile inputs against every route a person can reach.</summary>
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
        await using var shop = await Shop.Open(settings: "--RateLimits:Multiplier=1000");
        var id = (await shop.Order()).ToString();
        await shop.Paid(await shop.Order());
        var route = new HostileRoute(method, path.Replace("{id}", id, StringComparison.Ordinal),
            body?.Replace("{id}", id, StringComparison.Ordinal))
        {
            NeedsUser = needsUser,
            Id = path.Contains("{id}", StringComparison.Ordinal) ? id : null,
        };
        Assert.Equal([], await HostileInputs.Attack(shop.Payments, route, Shop.Buyer));
    }
}
