using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using Ticketing.Contracts;

namespace Ticketing.Orders;

/// <summary>One line of a buyer's list: only what never changes; the order's status is read from its book.</summary>
public sealed record Purchase(OrderId Id, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt) : Extensible
{
    public static Purchase Of(Order order) => new(order.Id, order.CreatedAt, order.ExpiresAt);
    public static Purchase Of(OrderSnapshot order) => new(order.Id, order.CreatedAt, order.ExpiresAt);

    /// <summary>Stands further down a list that begins with the newest.</summary>
    public bool IsAfter(PurchaseCursor place) => CreatedAt.UtcTicks != place.Ticks
        ? CreatedAt.UtcTicks < place.Ticks
        : string.CompareOrdinal(Id, place.Id) > 0;

    public PurchaseCursor ToCursor() => new(CreatedAt.UtcTicks, Id);
}

/// <summary>A place in a buyer's list, as clients hold it: <c>{ticks}-{orderId}</c>.</summary>
public readonly record struct PurchaseCursor(long Ticks, OrderId Id)
{
    public static PurchaseCursor? Parse(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        return dash > 0 && OrderId.TryParse(text[(dash + 1)..], null, out var id)
            && long.TryParse(text[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            ? new(ticks, id)
            : null;
    }

    public override string ToString() => $"{Ticks.ToString(CultureInfo.InvariantCulture)}-{Id}";
}

/// <summary>
/// What a buyer ever ordered, newest first: the newest lines are here, older ones in pages, each written once before its
/// lines are removed here.
/// </summary>
/// <param name="Pages">For each page, oldest first, the place of its last line.</param>
public sealed record PurchaseList(ImmutableArray<Purchase> Newest, ImmutableArray<Purchase> Pages) : Extensible
{
    public const int PageSize = 50, NewestMax = 100;
    static readonly Comparer<OrderId> ByText = Comparer<OrderId>.Create((a, b) => string.CompareOrdinal(a, b));
    public static readonly PurchaseList Empty = new([], []);

    /// <summary>Lines of a buyer that are kept in memory: the newest, and one to tell that there are older ones.</summary>
    public const int RememberedLinesMax = NewestMax + 1;

    /// <summary>What is kept in memory, however long the list grows.</summary>
    [JsonIgnore]
    public PurchaseList Remembered => Pages.Length > 1 ? this with { Pages = [Pages[^1]] } : this;

    [JsonIgnore]
    public bool IsFull => Newest.Length >= NewestMax;

    // A line older than all of these is in a page already.
    public bool Has(Purchase purchase) => Newest.Any(line => line.Id == purchase.Id)
        || Pages.Length > 0 && Newest is [.., var oldest] && purchase.IsAfter(oldest.ToCursor());

    public PurchaseList With(Purchase purchase) => Has(purchase) ? this : this with
    {
        Newest = [.. Newest.Add(purchase).OrderByDescending(line => line.CreatedAt).ThenBy(line => line.Id, ByText)],
    };

    /// <summary>The lines that are to be written as the next page, and the list without them.</summary>
    public (PurchasePage Page, PurchaseList Shorter) Turn() =>
        (new(Newest[^PageSize..]), this with { Newest = Newest[..^PageSize], Pages = Pages.Add(Newest[^1]) });

    /// <summary>Orders that may still hold a ticket, if nothing ended them before their time.</summary>
    public IEnumerable<OrderId> MayHold(DateTimeOffset now) =>
        Newest.Where(line => now < line.ExpiresAt).Select(line => line.Id);
}

/// <summary>Lines that left the list, newest first.</summary>
public sealed record PurchasePage(ImmutableArray<Purchase> Lines) : Extensible;
