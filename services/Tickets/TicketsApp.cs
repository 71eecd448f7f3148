using Ticketing.Common;

namespace Ticketing.Tickets;

public static class TicketsApp
{
    public const string AppId = "tickets";

    /// <param name="configure">Called last before the build: where tests replace what they need to.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddTicketing(AppId);
        builder.Services.AddHttpJson(TicketsJson.Default);
        builder.Services.AddAggregate(TicketsJson.Default.DocumentTicket);
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseTicketing();
        app.MapTickets();
        app.MapTicketSubscriptions();
        return app;
    }
}
