using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Ticketing.Contracts;

/// <summary>A listed ticket: 1 to 40 of <c>[a-z0-9]</c>, but neither <c>live</c> nor <c>mine</c>.</summary>
[JsonConverter(typeof(IdJsonConverter<TicketId>))]
public readonly record struct TicketId(string Value) : IParsable<TicketId>
{
    public const int LengthMax = 40;

    // These words are other routes: /api/tickets/live is an endless stream.
    static readonly string[] reserved = ["live", "mine"];

    /// <summary>An id from random bytes, or from a hash where the same request must give the same id.</summary>
    public static TicketId From(ReadOnlySpan<byte> bytes) => new(Base32.Encode(bytes));

    public static TicketId Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException("A ticket id is 1 to 40 of [a-z0-9].");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out TicketId result)
    {
        result = new(s ?? "");
        return s is { Length: > 0 and <= LengthMax } && s.All(Base32.IsPlain) && !reserved.Contains(s);
    }

    public static implicit operator string(TicketId id) => id.Value;
    public override string ToString() => Value;
}

/// <summary>
/// The <c>seq</c>-th order of a ticket, written <c>{ticketId}-{seq}</c>: the id names the ticket's order book, so one
/// read finds it. <c>seq</c> is a fencing token: every service prefers a newer order to an older one.
/// </summary>
[JsonConverter(typeof(IdJsonConverter<OrderId>))]
public readonly record struct OrderId(TicketId TicketId, int Seq) : IParsable<OrderId>
{
    public static OrderId Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException("An order id is {ticketId}-{seq}.");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out OrderId result)
    {
        result = default;
        var dash = s?.LastIndexOf('-') ?? -1;
        if (dash < 1 || !TicketId.TryParse(s![..dash], provider, out var ticket))
            return false;
        var digits = s.AsSpan(dash + 1);
        // One spelling per id: "a-01" or "a-+1" would be a second key for the same order.
        if (digits is { Length: 0 or > 9 } || digits[0] == '0' || digits.ContainsAnyExceptInRange('0', '9'))
            return false;
        result = new(ticket, int.Parse(digits, System.Globalization.CultureInfo.InvariantCulture));
        return true;
    }

    public static implicit operator string(OrderId id) => id.ToString();
    public override string ToString() => $"{TicketId.Value}-{Seq}";
}

/// <summary>A person with an account: 1 to 40 of <c>[a-z0-9]</c>.</summary>
[JsonConverter(typeof(IdJsonConverter<UserId>))]
public readonly record struct UserId(string Value) : IParsable<UserId>
{
    public static UserId From(ReadOnlySpan<byte> bytes) => new(Base32.Encode(bytes));

    public static UserId Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException("A user id is 1 to 40 of [a-z0-9].");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out UserId result)
    {
        result = new(s ?? "");
        return s is { Length: > 0 and <= TicketId.LengthMax } && s.All(Base32.IsPlain);
    }

    public static implicit operator string(UserId id) => id.Value;
    public override string ToString() => Value;
}
