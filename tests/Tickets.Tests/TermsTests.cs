using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Ticketing.Contracts;

namespace Ticketing.Tickets.Tests;

/// <summary>Every term that a buyer agrees to moves the version of the terms.</summary>
public class TermsTests(TicketsHost service) : IClassFixture<TicketsHost>
{
    static readonly Dictionary<string, object> Listed = new()
    {
        ["title"] = "Hamlet", ["price"] = 4550, ["currency"] = "usd", ["venue"] = "Globe", ["seat"] = "A 1",
        ["startsAt"] = "2098-05-01T20:00:00Z", ["timeZone"] = "Europe/London",
    };

    [Theory]
    [InlineData("title", "Macbeth")]
    [InlineData("price", 4551)]
    [InlineData("currency", "gbp")]
    [InlineData("venue", "Rose")]
    [InlineData("seat", "A 2")]
    [InlineData("startsAt", "2098-05-01T20:00:01Z")]
    [InlineData("timeZone", "Asia/Tokyo")]
    public async Task An_edit_of_any_term_moves_the_version_that_a_buyer_names(string term, object value)
    {
        var listed = await service.List("seller", Listed);
        Assert.Equal(("1", "Europe/London"), (listed.Text("termsVersion"), listed.Text("timeZone")));
        using var seller = service.Host.As("seller");
        var path = $"/api/tickets/{listed.Text("id")}";
        using var repeated = await seller.PutAsJsonAsync(path, Listed);
        Assert.Equal("1", (await repeated.Content.ReadFromJsonAsync<JsonElement>()).Text("termsVersion"));
        using var edited = await seller.PutAsJsonAsync(path, new Dictionary<string, object>(Listed) { [term] = value });
        Assert.Equal("2", (await edited.Content.ReadFromJsonAsync<JsonElement>()).Text("termsVersion"));
        foreach (var shown in new[] { await service.Get(path), await Mine(listed.Text("id")!) })
            Assert.Equal("2", shown.Text("termsVersion"));
    }

    async Task<JsonElement> Mine(string id) => (await service.Get("/api/tickets/mine?limit=100", "seller"))
        .GetProperty("items").EnumerateArray().Single(ticket => ticket.Text("id") == id);

    [Fact]
    public async Task A_zone_that_is_none_is_named_when_a_ticket_is_edited_too()
    {
        var listed = await service.List("seller", Listed);
        using var seller = service.Host.As("seller");
        using var edited = await seller.PutAsJsonAsync($"/api/tickets/{listed.Text("id")}",
            new Dictionary<string, object>(Listed) { ["timeZone"] = "Mars/Olympus" });
        Assert.Equal(HttpStatusCode.BadRequest, edited.StatusCode);
        var errors = (await edited.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors");
        Assert.Equal(["timeZone"], errors.EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public void That_the_currency_was_another_once_is_never_forgotten()
    {
        var ticket = Some.Open;
        Ticket Edited(long price, string currency) =>
            ticket = ticket.Edit(Some.Seller, Some.Terms with { Price = new(price, currency) }, null).State!;
        Assert.False(Edited(100, "usd").Snapshot().CurrencyChanged);
        Assert.True(Edited(100, "gbp").Snapshot().CurrencyChanged);
        Assert.True(Edited(100, "usd").Snapshot().CurrencyChanged);
        Assert.True(ticket.After(Some.Order(1, OrderStatus.Cancelled)).CurrencyChanged);
    }
}
