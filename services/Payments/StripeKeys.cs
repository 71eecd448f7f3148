using System.Collections.Concurrent;
using Ticketing.Common;

namespace Ticketing.Payments;

/// <summary>
/// Stripe's keys out of the secret store. They are read again every so often, so that a key that is being replaced
/// needs no restart; while the store is away the last one read is used.
/// </summary>
public sealed class StripeKeys(Secrets secrets, TimeProvider clock)
{
    static readonly TimeSpan Trusted = TimeSpan.FromSeconds(30);

    readonly ConcurrentDictionary<string, (string Text, long At)> read = new();

    /// <exception cref="TryAgainException">It was never read, and cannot be now.</exception>
    public Task<string> Api(CancellationToken ct) => Read("stripe-api-key", ct);

    public Task<string> Publishable(CancellationToken ct) => Read("stripe-publishable-key", ct);

    /// <summary>Several, divided by commas, while one is being replaced.</summary>
    public async Task<string[]> Webhook(CancellationToken ct) =>
        (await Read("stripe-webhook-secret", ct))
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
}
