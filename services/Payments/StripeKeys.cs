using System.Collections.Concurrent;
using Ticketing.Common;

namespace Ticketing.Payments;

/// <summary>
/// Stripe's keys from the secret store. They are read again regularly, so that replacing a key needs no restart; while
/// the store does not answer, the last value is used.
/// </summary>
public sealed class StripeKeys(Secrets secrets, TimeProvider clock)
{
    const string ApiName = "stripe-api-key", PublishableName = "stripe-publishable-key",
        WebhookName = "stripe-webhook-secret";
    static readonly TimeSpan Trusted = TimeSpan.FromSeconds(30);

    readonly ConcurrentDictionary<string, (string Text, long At)> read = new();

    /// <exception cref="TryAgainException">It has never been read, and cannot be read now.</exception>
    public Task<string> Api(CancellationToken ct) => Read(ApiName, ct);

    public Task<string> Publishable(CancellationToken ct) => Read(PublishableName, ct);

    /// <summary>Several, separated by commas, while one is being replaced.</summary>
    public async Task<string[]> Webhook(CancellationToken ct) =>
        (await Read(WebhookName, ct))
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    async Task<string> Read(string name, CancellationToken ct)
    {
        if (read.TryGetValue(name, out var known) && clock.GetElapsedTime(known.At) < Trusted)
            return known.Text;
        var text = await secrets.TryRead(name, ct) ?? known.Text
            ?? throw new TryAgainException($"The secret {name} cannot be read right now.");
        text = text.Trim();
        read[name] = (text, clock.GetTimestamp());
        return text;
    }

    /// <summary>
    /// Reads every key once at start, so that a forbidden development key ends the process at once.
    /// </summary>
    internal sealed class AtStart(Secrets secrets) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            foreach (var name in (string[])[ApiName, PublishableName, WebhookName])
                await secrets.Wait(name, stoppingToken);
        }
    }
}
