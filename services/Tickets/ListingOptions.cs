using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <param name="OpenMax">How many tickets one seller may have on sale, locked ones included.</param>
/// <param name="Currencies">Those in which tickets may be listed; the first is used if a request names none.</param>
public sealed record ListingOptions(int OpenMax, IReadOnlyList<Currency> Currencies)
{
    const int OpenMaxDefault = 2_000;
    const string CurrenciesDefault = "usd eur gbp cad aud chf sek nok dkk jpy krw inr brl zar nzd";

    public string CurrencyDefault => Currencies[0].Code;

    public string WhyNotAccepted(string code)
    {
        var never = Contracts.Currencies.Find(code) is { IsCharged: false } known
            ? $"No card can be charged in {known.Name}. " : "";
        var all = string.Join(", ", Currencies.Select(currency => currency.Code));
        return $"{never}One of {all}: tickets are sold in these currencies.";
    }

    public static ListingOptions From(IConfiguration configuration)
    {
        var max = configuration.GetValue("Tickets:OpenListingsMax", OpenMaxDefault);
        return max > 0
            ? new(max, Accepted(configuration["Tickets:Currencies"] ?? CurrenciesDefault))
            : throw new InvalidOperationException($"Tickets:OpenListingsMax must be 1 or more, not {max}.");
    }

    // The table of currencies is Contracts.Currencies; this is a choice from it.
    static Currency[] Accepted(string text)
    {
        var codes = text.ToLowerInvariant().Split([' ', ','], StringSplitOptions.RemoveEmptyEntries)
            .Distinct().ToArray();
        if (codes.Length == 0)
            throw new InvalidOperationException("Tickets:Currencies must name a currency, such as usd.");
        return [.. codes.Select(code => Contracts.Currencies.Find(code) is { IsCharged: true } currency
            ? currency
            : throw new InvalidOperationException("Tickets:Currencies must name currencies that cards can be charged in, "
                + $"such as usd; \"{code}\" is none."))];
    }
}
