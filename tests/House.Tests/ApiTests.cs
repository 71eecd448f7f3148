using Microsoft.AspNetCore.Builder;
using Ticketing.Auth;
using Ticketing.Orders;
using Ticketing.Payments;
using Ticketing.Tickets;

namespace Ticketing.House.Tests;

/// <summary>Each service's OpenAPI document is checked in, so that a change of the API appears in the diff.</summary>
public class ApiTests
{
    delegate WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure);

    static readonly Dictionary<string, Build> Services = new()
    {
        ["auth"] = AuthApp.Build, ["tickets"] = TicketsApp.Build,
        ["orders"] = OrdersApp.Build, ["payments"] = PaymentsApp.Build,
    };

    [Theory, InlineData("auth"), InlineData("tickets"), InlineData("orders"), InlineData("payments")]
    public async Task The_description_of_its_api_is_up_to_date(string app)
    {
        await using var host = await ServiceHost.Start((args, configure) => Services[app](args, configure));
        var document = await host.Anonymous.GetStringAsync(
            new Uri("/openapi/v1.json", UriKind.Relative), TestContext.Current.CancellationToken);
        Generated.AssertUpToDate($"docs/openapi/{app}.json", document.ReplaceLineEndings("\n") + "\n");
    }
}
