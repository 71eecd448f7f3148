using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ticketing.Web.Api;

/// <summary>A ticket as the tickets service returns it; money in minor units.</summary>
/// <param name="TimeZone">Where the show is, an IANA name; null: its time is shown in UTC.</param>
/// <param name="TermsVersion">Grows with every change of what a buyer agrees to; null from an older service.</param>
public sealed record TicketDto(
    string Id, string Title, long Price, string Currency, string SellerId, string Status, long Version,
    string? Venue = null, DateTimeOffset? StartsAt = null, string? Seat = null, DateTimeOffset? LockedUntil = null,
    string? OrderId = null, string? TimeZone = null, long? TermsVersion = null)
{
    [JsonIgnore]
    public Show Show => new(Title, Venue, StartsAt, Seat, TimeZone);
    public bool IsOpen => Status == "open";
    public bool IsLocked => Status == "locked";
    public bool IsSold => Status == "sold";
    public bool IsWithdrawn => Status == "withdrawn";
}

/// <summary>What a ticket lets one into.</summary>
/// <param name="TimeZone">Where it is, an IANA name; null: the time is shown in UTC.</param>
public sealed record Show(string Title, string? Venue, DateTimeOffset? StartsAt, string? Seat, string? TimeZone)
{
    public bool HasFacts => Venue is not null || StartsAt is not null || Seat is not null;
}

/// <summary>An order as the orders service returns it, with the show as it was when the order was placed.</summary>
public sealed record OrderDto(
    string Id, string TicketId, string Title, long Price, string Currency, string Status, DateTimeOffset ExpiresAt,
    DateTimeOffset CreatedAt, long Version, string? Reason = null, string? Venue = null,
    DateTimeOffset? StartsAt = null, string? Seat = null, string? TimeZone = null, string? SellerId = null)
{
    /// <summary>Orders of an older build have the title only; the ticket of a paid order does not change.</summary>
    public Show ShowOr(TicketDto? ticket) =>
        new Show(Title, Venue, StartsAt, Seat, TimeZone) is { HasFacts: true } own ? own
        : ticket is null ? new(Title, null, null, null, null) : ticket.Show with { Title = Title };

    /// <summary>By whose doing a paid order lost its money.</summary>
    public string? RefundCause { get; init; }
    /// <summary>The card's authorization ended before the money was taken.</summary>
    public bool IsNothingTaken => RefundCause == "nothing-taken";

    public bool IsLive => Status is "created" or "awaitingPayment";
    public bool IsComplete => Status == "complete";
    public bool IsPaid => Status is "complete" or "refunding" or "refunded" && !IsNothingTaken;
    public bool IsCancelled => Status == "cancelled";
}

/// <summary>The payment of an order, once its buyer has tried to pay.</summary>
public sealed record PaymentDto(
    string OrderId, string Status, long Amount, string Currency, int AttemptsLeft,
    CardDto? Card = null, DateTimeOffset? CapturedAt = null, DateTimeOffset? RefundedAt = null);

/// <summary>What a receipt shows of a card; Stripe's name of the brand, such as <c>visa</c>.</summary>
public sealed record CardDto(string Brand, string Last4);

public sealed record PaymentConfigDto(string PublishableKey, string ScriptUrl);

public sealed record CurrencyListDto(IReadOnlyList<CurrencyDto> Items);

public sealed record CurrencyDto(string Code);

public sealed record AccountDto(string Id, string Email);

public sealed record Paged<T>(IReadOnlyList<T> Items, string? Next = null);

/// <summary>One change of an order.</summary>
public sealed record TimelineEntryDto(DateTimeOffset At, string Type, string Why);

public sealed record TimelineDto(IReadOnlyList<TimelineEntryDto> Items);

public sealed record RefundRequestListDto(IReadOnlyList<RefundRequestDto> Items);

/// <summary>The buyer of a paid order asks for a refund.</summary>
public sealed record RefundRequestDto(string OrderId, string Reason, DateTimeOffset At);

/// <summary>A refusal of a service (RFC 9457).</summary>
public sealed record Problem(string? Type, string? Title, int Status, string? TraceId = null)
{
    public Dictionary<string, string[]>? Errors { get; init; }
    public DateTimeOffset? HeldUntil { get; init; }
    public DateTimeOffset? LockedUntil { get; init; }
    public long? Price { get; init; }
    public int? Orders { get; init; }
    public int? Listings { get; init; }
    /// <summary>The limit that is reached, of listings or orders.</summary>
    public int? Max { get; init; }

    /// <summary>The ticket's state if that is the reason of the refusal; else null.</summary>
    [JsonIgnore]
    public string? TicketState => Code switch
    {
        "ticket-reserved" or "ticket-locked" => "locked",
        "ticket-sold" => "sold",
        "ticket-withdrawn" => "withdrawn",
        _ => null,
    };

    /// <summary>The last segment of the type: <c>ticket-reserved</c> …</summary>
    public string Code => Type is { } type ? type[(type.LastIndexOf('/') + 1)..] : "";
}

/// <summary>A session of a user that has not ended.</summary>
/// <param name="RenewedAt">When it was last used, to within half an hour.</param>
/// <param name="From">Its IP address, or the network of that.</param>
/// <param name="Browser">The browser's name, if it could be recognized.</param>
/// <param name="Current">The session of this request.</param>
public sealed record SessionDto(string Id, DateTimeOffset BeganAt, DateTimeOffset RenewedAt, string? From = null,
    string? Browser = null, bool Current = false);

public sealed record SessionListDto(IReadOnlyList<SessionDto> Items);

public sealed record ChangePasswordRequest(string Current, string New);
public sealed record EraseAccountRequest(string Password);
public sealed record SignInRequest(string Email, string Password);
public sealed record ListingRequest(
    string? Title, long Price, string Currency, string? Venue, DateTimeOffset? StartsAt, string? Seat,
    string? TimeZone);
public sealed record PurchaseRequest(string TicketId, long ExpectedTerms);
public sealed record AskRefundRequest(string Reason);

/// <param name="Relist">False: the ticket is withdrawn.</param>
public sealed record GiveRefundRequest(bool Relist);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Paged<TicketDto>))]
[JsonSerializable(typeof(Paged<OrderDto>))]
[JsonSerializable(typeof(PaymentDto))]
[JsonSerializable(typeof(PaymentConfigDto))]
[JsonSerializable(typeof(CurrencyListDto))]
[JsonSerializable(typeof(AccountDto))]
[JsonSerializable(typeof(TimelineDto))]
[JsonSerializable(typeof(RefundRequestListDto))]
[JsonSerializable(typeof(AskRefundRequest))]
[JsonSerializable(typeof(GiveRefundRequest))]
[JsonSerializable(typeof(SessionListDto))]
[JsonSerializable(typeof(ChangePasswordRequest))]
[JsonSerializable(typeof(EraseAccountRequest))]
[JsonSerializable(typeof(JsonDocument))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(SignInRequest))]
[JsonSerializable(typeof(ListingRequest))]
[JsonSerializable(typeof(PurchaseRequest))]
[JsonSerializable(typeof(SeenTerms))]
sealed partial class ApiJson : JsonSerializerContext;
