using System.Text.Json.Serialization;
using Ticketing.Contracts;

namespace Ticketing.Payments;

/// <summary>
/// A call to Stripe that is decided and not yet known as done: saved before it is made, so that whoever finds it makes
/// it, under the same key, and Stripe does it once.
/// </summary>
/// <param name="Try">Grows when the key turned out to remember a failure, or is too old to be remembered.</param>
/// <param name="Since">When its key was first used, at the earliest.</param>
/// <param name="Attempt">The buyer's attempt it belongs to: only confirming has one.</param>
public sealed record Effect(
    EffectKind Kind, OrderId OrderId, Money Amount, DateTimeOffset Since, int Try = 1, Attempt? Attempt = null)
{
    /// <summary>Stripe forgets a key after 24 hours; from here on the object is looked up first.</summary>
    public static readonly TimeSpan KeyTrusted = TimeSpan.FromHours(23);

    /// <summary>Stripe's idempotency key.</summary>
    [JsonIgnore]
    public string Key
    {
        get
        {
            var key = Kind switch
            {
                EffectKind.Create => $"{OrderId}",
                EffectKind.Confirm => $"{OrderId}:confirm:{Attempt!.Number}",
                EffectKind.Capture => $"{OrderId}:capture",
                EffectKind.Cancel => $"{OrderId}:cancel",
                EffectKind.Refund => $"{OrderId}:refund",
                _ => throw new InvalidOperationException($"{Kind} has no key."),
            };
            return Try == 1 ? key : $"{key}:{Try}";
        }
    }

    public bool IsOld(DateTimeOffset now) => now - Since >= KeyTrusted;

    /// <summary>A new key, for one who has looked and found that it is still to be done.</summary>
    public Effect Renewed(DateTimeOffset now) => this with { Try = Try + 1, Since = now };

    /// <summary>The same work, whenever it was decided.</summary>
    public bool IsSameAs(Effect? other) => Kind == other?.Kind && Attempt == other.Attempt;
}

[JsonConverter(typeof(CamelCaseEnumConverter<EffectKind>))]
public enum EffectKind { Create, Confirm, Capture, Cancel, Refund }

/// <summary>A card tried through this API; cards tried in the browser are between it and Stripe.</summary>
/// <param name="Method">Stripe's id of the payment method.</param>
public sealed record Attempt(int Number, string Method);

/// <summary>How an attempt ended without money.</summary>
/// <param name="Declined">By the bank; false: Stripe knows no such method, which costs no attempt.</param>
public sealed record Answer(int Attempt, string Code, bool Declined);
