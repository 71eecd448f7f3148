using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Payments;

/// <summary>Charges by Stripe: authorized while the ticket is held, captured when the order is complete.</summary>
public static class PaymentsApp
{
    public const string AppId = "payments";

    /// <param name="configure">Called last before the build; tests replace services here.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddTicketing(AppId);
        builder.Services.AddDeadLetters();
        builder.Services.AddHttpJson(PaymentsJson.Default).AddHttpJson(PersonalDataJson.Default);
        AddCharging(builder.Services);
        builder.Services.AddHostedService<StripeKeys.AtStart>();
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseTicketing();
        app.MapDeadLetters();
        app.MapPayments();
        app.MapWebhooks();
        app.MapPersonalPayments();
        app.MapPaymentSubscriptions();
        return app;
    }

    /// <summary>The payments and their calls to Stripe, without the HTTP API.</summary>
    internal static IServiceCollection AddCharging(IServiceCollection services) => services
        .AddAggregate(PaymentsJson.Default.DocumentPayment)
        .AddSingleton(provider => PaymentOptions.From(provider.GetRequiredService<IConfiguration>()))
        .AddProjection<Payment, PaymentMetrics>()
        .AddProjection<Payment, KnownPayments>()
        .AddSingleton<StripeKeys>()
        .AddStripeHttp()
        .AddSingleton<StripeCharges>()
        .AddSingleton<IEffects<Payment>, StripeEffects>()
        .AddSingleton(new NewestApplied<OrderId, long>())
        .AddSingleton<IntentReads>()
        .AddSingleton<Webhooks>()
        .AddSingleton<OrderLookup>()
        .AddSingleton<PaymentService>();
}
