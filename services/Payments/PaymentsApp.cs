using Ticketing.Common;

namespace Ticketing.Payments;

/// <summary>Charges for orders, by Stripe: authorized while the ticket is held, captured when the order is complete.</summary>
public static class PaymentsApp
{
    public const string AppId = "payments";

    /// <param name="configure">Called last before the build; tests replace here what they need to.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddTicketing(AppId);
        builder.Services.AddDeadLetters();
        builder.Services.AddHttpJson(PaymentsJson.Default);
        builder.Services.AddAggregate(PaymentsJson.Default.DocumentPayment);
        builder.Services.AddSingleton(services => PaymentOptions.From(services.GetRequiredService<IConfiguration>()));
        builder.Services.AddSingleton<StripeKeys>();
        builder.Services.AddSingleton<StripeCharges>();
        builder.Services.AddSingleton<StripeEffects>();
        builder.Services.AddSingleton<Webhooks>();
        builder.Services.AddSingleton<KnownOrders>();
        builder.Services.AddSingleton<Desk>();
        configure?.Invoke(builder);

        var app = builder.Build();
        app.Services.GetRequiredService<StripeEffects>().Listen();
        app.UseTicketing();
        app.MapDeadLetters();
        app.MapPayments();
        app.MapWebhooks();
        app.MapPaymentSubscriptions();
        return app;
    }
}
