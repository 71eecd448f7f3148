using System.Net.Http.Json;
using Ticketing.Common;
using Ticketing.Contracts;
using Ticketing.Testing;
using static Ticketing.Tickets.Tests.TicketsHost;

namespace Ticketing.Tickets.Tests;

/// <summary>What auth reads of a seller's listings, and what it erases.</summary>
public sealed class PersonalListingsTests(TicketsHost service) : IClassFixture<TicketsHost>
{
    [Fact]
    public async Task Open_and_locked_listings_count_as_live_and_only_open_ones_are_withdrawn()
    {
        var open = (await service.List("cara", Hamlet("Open"))).Text("id")!;
        var locked = (await service.List("cara", Hamlet("Locked"))).Text("id")!;
        var sold = (await service.List("cara", Hamlet("Sold"))).Text("id")!;
        var withdrawn = (await service.List("cara", Hamlet("Withdrawn"))).Text("id")!;
        await service.ApplyOrder(locked, 1, OrderStatus.Created);
        await service.ApplyOrder(sold, 1, OrderStatus.Complete, buyer: "benno");
        using var cara = service.Host.As("cara");
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
            Assert.Equal(status, (await service.Get($"/api/tickets/{id}")).Text("status"));
        Assert.Empty((await (await Ask(HttpMethod.Get, "dora/listings"))
            .Content.ReadFromJsonAsync(PersonalDataJson.Default.PersonalData))!.Items);
    }

    [Fact]
    public async Task A_long_list_comes_in_pages()
    {
        for (var i = 0; i <= PersonalDataRoutes.PageSize; i++)
            await service.List("emil");
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
        await AssertProblem(await Ask(HttpMethod.Get, "cara/listings", "web"), 404, "not-found");
        await AssertProblem(await Ask(HttpMethod.Post, "cara/listings/erase", "orders"), 404, "not-found");
    }

    async Task<HttpResponseMessage> Ask(HttpMethod method, string path, string caller = "auth")
    {
        using var request = new HttpRequestMessage(method, $"/internal/users/{path}");
        request.Headers.Add("dapr-api-token", ServiceHost.AppToken);
        request.Headers.Add("dapr-caller-app-id", caller);
        return await service.Host.Anonymous.SendAsync(request);
    }
}
