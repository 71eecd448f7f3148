using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Ticketing.Auth;
using Ticketing.Testing;
using Ticketing.Tickets;
using Ticketing.Web;

namespace Ticketing.Fuzz.Tests;

/// <summary>The one origin that browsers see: the ingress before auth, tickets and the pages.</summary>
sealed class IngressSuite(OtherAppsServer others) : Suite
{
    readonly List<string> tickets = [];
    WebApplication ingress = null!;

    public override string Name => "ingress";
    public override Uri Address => new(ingress.Urls.Single());
    public override string Ticket(int number) => tickets[number % tickets.Count];
    public override string Buyer(int number) => "seller";
    public override bool IsForBrowsers => true;
    public override int Sessions => int.MaxValue;

    /// <summary>Routes for sidecars, apps and orchestrators are not reachable through the ingress.</summary>
    public override bool IsHidden(FuzzRoute route) => route.IsGuarded
        || route.Text.StartsWith("/health", StringComparison.Ordinal)
            && !route.Text.EndsWith("/live", StringComparison.Ordinal);

    public override int NumberFor(FuzzRoute route, Random random) => AuthSuite.PersonFor(route, random);

    /// <summary>This suite's users sell tickets and have no account; the suite of auth covers these routes.</summary>
    public override bool IsNeverReached(FuzzRoute route) =>
        route.Text.StartsWith("/api/users/me/", StringComparison.Ordinal);

    protected override async Task Open()
    {
        var auth = await Add(AuthApp.Build, others.ServeFor, "--Passwords:Iterations=1000");
        var ticketsHost = await Add(TicketsApp.Build, others.ServeFor);
        var web = await Add(WebApp.Build, others.ServeFor, $"--contentRoot={Repository.At("services/Web")}");
        await TicketsSuite.List(ticketsHost, tickets);
        await AuthSuite.SignUpAll(auth);
        ingress = Ingress.Server.Build(["--urls=http://127.0.0.1:0", $"--Ingress:Manifest={Repository.At("k8s/base/ingress.yaml")}",
            $"--Ingress:Services:auth={auth.Address}", $"--Ingress:Services:tickets={ticketsHost.Address}",
            $"--Ingress:Services:web={web.Address}",
            $"--Ingress:Services:orders={others.Address}", $"--Ingress:Services:payments={others.Address}",
            "--Logging:LogLevel:Default=None"]);
        await ingress.StartAsync();
    }

    // Each route once: all three hosts have health checks and events. Pages have their own suite.
    protected override IReadOnlyList<FuzzRoute> Listed() => [.. Hosts.Take(2)
        .SelectMany(host => FuzzRoute.Of(host.Services.GetRequiredService<EndpointDataSource>()))
        .Where(route => !route.Text.StartsWith("/openapi", StringComparison.Ordinal)).DistinctBy(route => route.Name)];

    public override async ValueTask DisposeAsync()
    {
        await ingress.DisposeAsync();
        await base.DisposeAsync();
    }
}
