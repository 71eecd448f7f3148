using Ticketing.Testing;
using static Ticketing.Orders.Tests.Samples;

namespace Ticketing.Orders.Tests;

/// <summary>The generic hostile inputs against every route that browsers can reach, except the stream.</summary>
public sealed class HostileInputsTests
{
    public static TheoryData<string, string, string?> Routes => new()
    {
        { "GET", "/api/orders", null },
        { "GET", "/api/orders/{id}", null },
        { "GET", "/api/orders/{id}/timeline", null },
        { "POST", "/api/orders", """{"ticketId":"show1","expectedPrice":4550}""" },
        { "POST", "/api/orders/{id}/refund", null },
        { "POST", "/api/orders/{id}/refund-request", """{"reason":"I am ill."}""" },
        { "GET", "/api/orders/refund-requests?of={id}", null },
        { "DELETE", "/api/orders/{id}", null },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task No_hostile_input_gets_through(string method, string path, string? body)
    {
        await using var orders = await OrdersHost.Start(args: "--RateLimits:Multiplier=1000");
        await orders.Deliver(Ticket());
        var id = (await orders.Placed(Ann, Show)).Id.ToString();
        var route = new HostileRoute(method, path.Replace("{id}", id, StringComparison.Ordinal), body)
        {
            Id = path.Contains("{id}", StringComparison.Ordinal) ? id : null,
        };
        Assert.Equal([], await HostileInputs.Attack(orders.Service, route, Ann));
    }
}
