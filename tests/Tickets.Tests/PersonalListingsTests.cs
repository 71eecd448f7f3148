using System.Net.Http.Json;
using Ticketing.Common;
using Ticketing.Contracts;
using Ticketing.Testing;

namespace Ticketing.Tickets.Tests;

/// <summary>What auth asks about a seller, and has ended.</summary>
public sealed class PersonalListingsTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task Open_and_locked_listings_count_as_live_and_only_open_ones_are_withdrawn()
    {
        var open = (await shop.List("cara", Shop.Hamlet("Open"))).Text("id")!;
        var locked = (await shop.List("cara", Shop.Hamlet("Locked"))).Text("id")!;
        var sold = (await shop.List("cara", Shop.Hamlet("Sold"))).Text("id")!;
        var withdrawn = (await shop.List("cara", Shop.Hamlet("Withdrawn"))).Text("id")!;
        await shop.Hear(locked, 1, OrderStatus.Created);
        await shop.Hear(sold, 1, OrderStatus.Complete, buyer: "benno");
        using var cara = shop.Host.As("cara");
        await cara.DeleteAsync($"/api/tickets/{withdrawn}");

        var page = (await (await Ask(HttpMethod.Get, "cara/listings"))
            .Content.ReadFromJsonAsync(PersonalDataJson.Default.PersonalData))!;
        Assert.Equal((4, 2), (page.Items.Count, page.Live));
        Assert.DoesNotContain(page.Items, item => item.ToString().Contains("benno"));

        var erased = (await (await Ask(HttpMethod.Post, "cara/listings/erase"))
            .Content.ReadFromJsonAsync(PersonalDataJson.Default.PersonalDataErased))!;
        Assert.Equal(1, erased.Changed);
        foreach (var (id, status) in new[]
            { (open, "withdrawn"), (locked, "locked"), (sold, "sold"), (withdrawn, "withdrawn") })
            Assert.Equal(status, (await shop.Get($"/api/tickets/{id}")).Text("status"));
        Assert.Empty((await (await Ask(HttpMethod.Get, "dora/listings"))
            .Content.ReadFromJsonAsync(PersonalDataJson.Default.PersonalData))!.Items);
    }

    [Fact]
    public async Task A_long_list_comes_in_pages()
    {
        for (var i = 0; i <= PersonalDataRoutes.PageSize; i++)
            await shop.List("emil");
        var seen = new List<string?>();
        string? next = "";
        for (var pages = 0; next is not null && pages < 5; pages++)
        {
            var page = (await (await Ask(HttpMethod.Get, $"emil/listings{(next == "" ? "" : $"?after={next}")}"))
                .Content.ReadFromJsonAsync(PersonalDataJson.Default.PersonalData))!;
            seen.AddRange(page.Items.Select(item => item.Text("id")));
            next = page.Next;
        }
        Assert.Equal(PersonalDataRoutes.PageSize + 1, seen.Distinct().Count());
    }

    [Fact]
    public async Task Only_auth_is_told()
    {
        await Shop.AssertProblem(await Ask(HttpMethod.Get, "cara/listings", "web"), 404, "not-found");
        await Shop.AssertProblem(await Ask(HttpMethod.Post, "cara/listings/erase", "orders"), 404, "not-found");
    }

    async Task<HttpResponseMessage> Ask(HttpMethod method, string path, string caller = "auth")
    {
        using var request = new HttpRequestMessage(method, $"/internal/users/{path}");
        request.Headers.Add("dapr-api-token", ServiceHost.AppToken);
        request.Headers.Add("dapr-caller-app-id", caller);
        return await shop.Host.Anonymous.SendAsync(request);
    }
}
