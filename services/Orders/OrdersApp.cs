using Ticketing.Common;

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
        builder.Services.AddSingleton<Archive>().AddHostedService(provider => provider.GetRequiredService<Archive>());
        builder.Services.AddSingleton<BoxOffice>().AddSingleton<OrderFinder>().AddSingleton<Purchases>()
            .AddSingleton<Holds>().AddSingleton<OrderStreams>().AddSingleton<EventStreams>()
            .AddSingleton<OrderMetrics>();
        configure?.Invoke(builder);

        var app = builder.Build();
        var books = app.Services.GetRequiredService<AggregateStore<Book>>();
        books.Saved += app.Services.GetRequiredService<Holds>().See;
        books.Saved += app.Services.GetRequiredService<OrderStreams>().Tell;
        books.Saved += app.Services.GetRequiredService<OrderMetrics>().See;
        app.UseTicketing();
        app.MapOrders();
        app.MapPersonalOrders();
        app.MapSubscriptions();
        app.MapDeadLetters();
        return app;
    }
}
