using System.Text.Json;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Auth;

/// <summary>Numbers of unfinished orders and open listings; an account that has any cannot be erased.</summary>
public readonly record struct UnfinishedCounts(int Orders, int Listings)
{
    public bool Any => Orders + Listings > 0;
}

/// <summary>Reads and erases a person's data in the other services, page by page (docs/decisions/0010).</summary>
/// <exception cref="TryAgainException">A service does not answer.</exception>
public sealed class PersonalDataClient(OtherApps apps)
{
    /// <summary>Per kind of data: far more than a person buys or sells, but bounded.</summary>
    const int PagesMax = 400;

    sealed record AllPages(List<JsonElement> Items, int Live);

    public async Task<UnfinishedCounts> CountUnfinished(UserId user, CancellationToken ct)
    {
        var (orders, listings) = (Read("orders", "orders", user, ct), Read("tickets", "listings", user, ct));
        await Task.WhenAll(orders, listings);
        return new((await orders).Live, (await listings).Live);
    }

    public async Task<(IReadOnlyList<JsonElement> Orders, IReadOnlyList<JsonElement> Listings,
        IReadOnlyList<JsonElement> Payments)> All(UserId user, CancellationToken ct)
    {
        var listings = await Read("tickets", "listings", user, ct);
        var orders = await Read("orders", "orders", user, ct);
        var payments = new List<JsonElement>();
        foreach (var some in orders.Items.Chunk(PersonalDataRoutes.PageSize))
        {
            var of = string.Join('&', some.Select(order => $"of={order.GetProperty("id").GetString()}"));
            payments.AddRange((await Page("payments", $"internal/users/{user}/payments?{of}", ct)).Items);
        }
        return (orders.Items, listings.Items, payments);
    }

    /// <summary>Every step may be repeated: an interrupted erasure is finished by the next try.</summary>
    public async Task Erase(UserId user, CancellationToken ct)
    {
        await Erase("tickets", "listings", user, ct);
        await Erase("orders", "orders", user, ct);
    }

    async Task<AllPages> Read(string app, string things, UserId user, CancellationToken ct)
    {
        var all = new AllPages([], 0);
        string? next = null;
        for (var page = 1; page == 1 || next is not null; page++)
        {
            Check(page, user);
            var read = await Page(app, $"internal/users/{user}/{things}{After(next)}", ct);
            all.Items.AddRange(read.Items);
            (all, next) = (all with { Live = all.Live + read.Live }, read.Next);
        }
        return all;
    }

    async Task Erase(string app, string things, UserId user, CancellationToken ct)
    {
        string? next = null;
        for (var page = 1; page == 1 || next is not null; page++)
        {
            Check(page, user);
            var path = $"internal/users/{user}/{things}/erase{After(next)}";
            var erased = await apps.Post(app, path, PersonalDataJson.Default.PersonalDataErased, ct)
                ?? throw new TryAgainException($"{app} does not know {path}.");
            next = erased.Next;
        }
    }

    async Task<PersonalData> Page(string app, string path, CancellationToken ct) =>
        await apps.Get(app, path, PersonalDataJson.Default.PersonalData, ct)
            ?? throw new TryAgainException($"{app} does not know {path}.");

    static string After(string? next) => next is null ? "" : $"?after={Uri.EscapeDataString(next)}";

    static void Check(int page, UserId user)
    {
        if (page > PagesMax)
            throw new InvalidOperationException($"{user} has more than {PagesMax} pages.");
    }
}
