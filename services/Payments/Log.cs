using Ticketing.Contracts;

namespace Ticketing.Payments;

static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "{OrderId}: {Kind} was refused by Stripe: {Code}.")]
    public static partial void Refused(this ILogger log, OrderId orderId, EffectKind kind, string code);

    [LoggerMessage(2, LogLevel.Warning,
        "{OrderId}: it is not known whether {Kind} happened ({Why}); reading the PaymentIntent.")]
    public static partial void Doubtful(this ILogger log, OrderId orderId, EffectKind kind, string why);

    [LoggerMessage(3, LogLevel.Warning, "{OrderId}: {Kind} is tried again later: {Why}.")]
    public static partial void Later(this ILogger log, OrderId orderId, EffectKind kind, string why);

    [LoggerMessage(4, LogLevel.Error, "{OrderId}: what Stripe says of {StripeId} is not believed: {Code}.")]
    public static partial void NotBelieved(this ILogger log, OrderId orderId, string stripeId, string code);

    [LoggerMessage(7, LogLevel.Information, "Stripe sent the event {Type} for {OrderId}.")]
    public static partial void WebhookReceived(this ILogger log, string type, OrderId orderId);

    [LoggerMessage(8, LogLevel.Warning, "The signature of a webhook cannot be read.")]
    public static partial void Unreadable(this ILogger log, Exception odd);

    [LoggerMessage(9, LogLevel.Warning,
        "{OrderId}: {Kind} is tried again later, since the PaymentIntent cannot be read: {Why}.")]
    public static partial void NotReadable(this ILogger log, OrderId orderId, EffectKind kind, string why);
}
