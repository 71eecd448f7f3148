using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Orders;

public static class OrdersApp
{
    public const string AppId = "orders";

    /// <param name="configure">Called last before the build: where tests replace what they need to.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddTicketing(AppId);
        builder.Services.AddOptions<OrderOptions>().BindConfiguration(OrderOptions.Section)
            .ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddHttpJson(OrdersJson.Default).AddHttpJson(PersonalDataJson.Default);
        builder.Services.AddAggregate(OrdersJson.Default.DocumentBook).AddDeadLetters();
        builder.Services.AddProjection<Book, Archive>().AddProjection<Book, HeldTickets>()
            .AddProjection<Book, OrderStreams>().AddProjection<Book, OrderMetrics>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<Archive>());
        builder.Services.AddSingleton<OrderService>().AddSingleton<OrderFinder>().AddSingleton<Purchases>()
            .AddSingleton<EventStreams>()
            .AddSingleton(new NewestApplied<TicketId, long>()).AddSingleton(new NewestApplied<OrderId, long>());
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseTicketing();
        app.MapOrders();
        app.MapPersonalOrders();
        app.MapSubscriptions();
        app.MapDeadLetters();
        return app;
    }
}
