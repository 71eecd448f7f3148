using Stripe;
using Ticketing.Common;

namespace Ticketing.Payments;

/// <summary>Stripe's official client over a client of <see cref="IHttpClientFactory"/>.</summary>
static class StripeHttp
{
    const string ClientName = "stripe";
    static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(20);

    public static IServiceCollection AddStripeHttp(this IServiceCollection services)
    {
        services.AddHttpClient(ClientName)
            .AddTypedClient<IHttpClient>(http => new SystemNetHttpClient(http))
            .AddOutboundHandlers(CallTimeout);
        return services;
    }
}
