using Microsoft.Data.Sqlite;

namespace Ticketing.StripeServer;

/// <summary>
/// A double-entry ledger of all charges. Every entry moves money between two accounts, so its postings sum to zero. An
/// audit reads from here what a buyer paid, independently of what the services stored.
/// </summary>
sealed class Ledger(SqliteConnection db, TimeProvider clock)
{
    public const int PageMax = 1000;

    /// <summary>The bank reserves the amount.</summary>
    public void Authorize(PaymentIntent intent, string charge) =>
        Move("authorize", "cardholder", "held", intent.Amount, intent, charge);

    public void Capture(PaymentIntent intent, string charge, long amount)
    {
        Move("capture", "held", "merchant", amount, intent, charge);
        if (intent.Amount > amount) Release(intent, charge, intent.Amount - amount);
    }

    /// <summary>The bank releases a reserved amount that was not captured.</summary>
    public void Release(PaymentIntent intent, string charge, long amount) =>
        Move("release", "held", "cardholder", amount, intent, charge);

    public void Refund(PaymentIntent intent, string refund, long amount) =>
        Move("refund", "merchant", "cardholder", amount, intent, refund);

    /// <param name="after">The number of the previous page's last entry; 0 for the first page.</param>
    public LedgerPage Page(string? currency, string? intent, long after)
    {
        const string filter = "($1 IS NULL OR currency = $1) AND ($2 IS NULL OR intent = $2)";
        var sums = db.Query(row => (Kind: row.GetString(0), Currency: row.GetString(1), Amount: row.GetInt64(2)),
            $"SELECT kind, currency, SUM(amount) FROM postings WHERE amount > 0 AND {filter} GROUP BY kind, currency",
            currency, intent);
        var balances = db.Query(row => (Account: row.GetString(0), Amount: row.GetInt64(1)),
            $"SELECT account, SUM(amount) FROM postings WHERE {filter} GROUP BY account", currency, intent);
        var entries = db.Query(Entry, $"""
            SELECT d.entry, d.kind, d.amount, d.currency, d.intent, d.reference, c.account, d.account, d.at
            FROM postings d JOIN postings c ON c.entry = d.entry AND c.amount < 0
            WHERE d.amount > 0 AND d.entry > $3 AND ($1 IS NULL OR d.currency = $1) AND ($2 IS NULL OR d.intent = $2)
            ORDER BY d.entry LIMIT {PageMax}
            """, currency, intent, after);

        long Sum(string kind, string? of = null) =>
            sums.Where(sum => sum.Kind == kind && (of is null || sum.Currency == of)).Sum(sum => sum.Amount);
        return new LedgerPage(entries, Sum("capture"), Sum("refund"), Sum("capture") - Sum("refund"),
            balances.ToDictionary(balance => balance.Account, balance => balance.Amount),
            sums.Select(sum => sum.Currency).Distinct().ToDictionary(of => of, of => new LedgerSums(
                Sum("capture", of), Sum("refund", of), Sum("capture", of) - Sum("refund", of))),
            entries.Count == PageMax);
    }

    static LedgerEntry Entry(SqliteDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetString(3), row.GetString(4), row.GetString(5),
        row.GetString(6), row.GetString(7), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(8)));

    void Move(string kind, string from, string to, long amount, PaymentIntent intent, string reference)
    {
        var entry = db.Query(row => row.GetInt64(0), "SELECT COALESCE(MAX(entry), 0) + 1 FROM postings").Single();
        var at = clock.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var (account, sum) in (ReadOnlySpan<(string, long)>)[(from, -amount), (to, amount)])
            db.Execute("INSERT INTO postings VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                entry, kind, account, sum, intent.Currency, intent.Id, reference, at);
    }
}

/// <summary>A page of entries, oldest first. The sums cover all matching entries, not only this page.</summary>
/// <param name="Captured">Minor units, added over all currencies; see <c>byCurrency</c> if there are several.</param>
/// <param name="Balances">By account; they sum to zero.</param>
sealed record LedgerPage(
    IReadOnlyList<LedgerEntry> Entries, long Captured, long Refunded, long Net,
    IReadOnlyDictionary<string, long> Balances, IReadOnlyDictionary<string, LedgerSums> ByCurrency, bool More);

sealed record LedgerSums(long Captured, long Refunded, long Net);

/// <param name="Reference">The charge or refund that moved the money.</param>
sealed record LedgerEntry(
    long Number, string Kind, long Amount, string Currency, string PaymentIntent, string Reference,
    string From, string To, DateTimeOffset At);
