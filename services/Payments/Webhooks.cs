using System.Text;
using Stripe;
using Ticketing.Contracts;

namespace Ticketing.Payments;

/// <summary>
/// Receives Stripe's events. They may be late, repeated or out of order, so an event only says that something changed:
/// if that is news here, the PaymentIntent itself is read. 200 means that it is saved or of no consequence; after
/// anything else Stripe sends the event again.
/// </summary>
sealed class Webhooks(
    StripeKeys keys, IntentReads reads, AggregateStore<Payment> payments, KnownPayments known,
    TimeProvider clock, ILogger<Webhooks> log)
{
    const int ToleranceSeconds = 300, SignatureMax = 4096, RememberedMax = 5_000;
    static readonly TimeSpan OwnCallWait = TimeSpan.FromSeconds(2);

    public static readonly Refusal NotSigned = new(
        400, "bad-signature", "This was not signed by Stripe, or not just now.");
    public static readonly Refusal NotReadable = new(400, "bad-event", "This is no event of Stripe's.");
    public static readonly Refusal OtherMode = new(
        400, "other-mode", "This event is of the other mode: live instead of test, or test instead of live.");
    public static readonly Refusal OtherAccount = new(
        400, "other-account", "This event is of another account than this shop's.");

    readonly BoundedCache<string, bool> handled = new(RememberedMax);

    public static bool CanBeSignature(string? header) => header is { Length: > 0 and <= SignatureMax };

    /// <returns>Why the event was refused, or null.</returns>
    /// <exception cref="TryAgainException">Stripe or the store did not answer: Stripe must send it again.</exception>
    public async Task<Refusal?> Receive(byte[] body, string signature, CancellationToken ct)
    {
        if (!TryDecode(body, out var text))
            return NotReadable;
        if (!IsSigned(text, signature, await keys.Webhook(ct)))
            return NotSigned;
        if (StripeNotice.Read(text) is not { } notice)
            return NotReadable;
        if (notice.Account is not null)
            return OtherAccount;
        if (notice.IsLive is { } isLive && isLive != (await keys.Api(ct)).Contains("_live_", StringComparison.Ordinal))
            return OtherMode;
        if (notice is not { Id: { } id, IntentId: { } intent, Order: { } order } || handled.Contains(id)
            || await Subject(notice, order, ct) is not { } payment)
            return null;
        log.WebhookReceived(notice.Type!, order);
        if (IsNews(notice, payment) && IsNews(notice, await AfterOwnCall(payment, ct)))
            await Read(notice, order, intent, ct);
        handled.Set(id, true);
        return null;
    }

    /// <summary>The payment of the event; null if it is of none here, or of no consequence.</summary>
    async Task<Payment?> Subject(StripeNotice notice, OrderId order, CancellationToken ct)
    {
        bool IsSubject(Payment? payment) => payment is { Status: not null } && notice.Told(payment) is not null
            && payment.Name == notice.Name && (payment.StripeId ?? notice.IntentId) == notice.IntentId;

        var payment = known.Find(order);
        if (!IsSubject(payment))
            payment = await payments.Find(order, ct);
        return IsSubject(payment) ? payment : null;
    }

    bool IsNews(StripeNotice notice, Payment payment) =>
        notice.Told(payment) is { } told && payment.IsNews(told, clock.GetUtcNow());

    // While an own call is under way, most events are about that call, and come before its reply is saved.
    async Task<Payment> AfterOwnCall(Payment payment, CancellationToken ct)
    {
        if (payment is { StripeId: not null, Pending: null })
            return payment;
        var (decision, run) = await payments.UpdateAndPerform(payment.OrderId, state => state, ct);
        try
        {
            return await run.WaitAsync(OwnCallWait, clock, ct) ?? decision.State ?? payment;
        }
        catch (TimeoutException)
        {
            return decision.State ?? payment;
        }
    }

    async Task Read(StripeNotice notice, OrderId order, string intentId, CancellationToken ct)
    {
        await reads.Read(order, intentId, payment => payment.Name != notice.Name || IsNews(notice, payment)).WaitAsync(ct);
        // The PaymentIntent shows only the last decline; an earlier one is only in its own event.
        if (notice is { Type: EventTypes.PaymentIntentPaymentFailed, Decline: { } decline })
            await payments.Update(order, payment => payment.CountDecline(decline, clock.GetUtcNow()), ct);
    }

    static bool TryDecode(byte[] body, out string text)
    {
        try
        {
            text = Utf8.GetString(body);
            return true;
        }
        catch (ArgumentException)
        {
            text = "";
            return false;
        }
    }

    bool IsSigned(string text, string signature, string[] secrets)
    {
        foreach (var secret in secrets)
        {
            try
            {
                EventUtility.ValidateSignature(
                    text, signature, secret, ToleranceSeconds, clock.GetUtcNow().ToUnixTimeSeconds());
                return true;
            }
            catch (StripeException)
            {
                // Another secret may match: there are two while one is being replaced.
            }
            catch (Exception odd) when (odd is FormatException or OverflowException)
            {
                log.Unreadable(odd);    // a time in the header that is no number
            }
        }

        return false;
    }

    static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);
}
