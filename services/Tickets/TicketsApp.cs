using Microsoft.Extensions.Diagnostics.HealthChecks;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Tickets;

public static class TicketsApp
{
    /// <param name="configure">Called last before the build; tests replace services here.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddTicketing("tickets");
        builder.Services.AddHttpJson(TicketsJson.Default).AddHttpJson(PersonalDataJson.Default);
        builder.Services.AddAggregate(TicketsJson.Default.DocumentTicket);
        builder.Services.AddDeadLetters();
        builder.Services.AddSingleton(provider => ListingOptions.From(provider.GetRequiredService<IConfiguration>()));
        builder.Services.AddProjection<Ticket, TicketSubscriptions.Stages>();
        builder.AddTicketSearch();
        builder.Services.AddProjection<Ticket, Catalog>().AddSingleton<TicketIdList>().AddHostedService<CatalogLoader>();
        builder.Services.AddSingleton<EventStreams>().AddSingleton(new NewestApplied<TicketId, OrderStage>());
        builder.Services.AddSingleton<SellerListings>();
        builder.Services.AddSingleton<LiveStream>().AddHostedService(all => all.GetRequiredService<LiveStream>());
        builder.Services.AddHealthChecks().AddCheck<CatalogCheck>("catalog");
        configure?.Invoke(builder);

        var app = builder.Build();
        // Wrong settings end the start with a sentence, and not each request with an error.
        app.Services.GetRequiredService<ListingOptions>();
        app.UseTicketing();
        app.MapTickets();
        app.MapCatalog();
        app.MapPersonalListings();
        app.MapTicketSubscriptions();
        app.MapDeadLetters();
        return app;
    }

    sealed class CatalogCheck(Catalog catalog) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context,
            CancellationToken cancellationToken = default) =>
            Task.FromResult(catalog.IsComplete ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy());
    }
}
