using System.Net.Http.Json;
using System.Text.Json;
using Ticketing.Testing;
using Ticketing.Tickets;

namespace Ticketing.Fuzz.Tests;

/// <summary>Listings of one seller, to be read, edited or withdrawn.</summary>
sealed class TicketsSuite(OtherAppsServer others) : Suite
{
    readonly List<string> tickets = [];

    public override string Name => "tickets";
    public override string Ticket(int number) => tickets[number % tickets.Count];
    public override string Buyer(int number) => "seller";

    protected override async Task Open() => await List(await Add(TicketsApp.Build, others.ServeFor), tickets);

    // A valid cursor comes from a page; a valid idempotency key is a new one.
    public override string? Text(string name, int number) => name == "maxPrice" ? "5000" : null;

    /// <summary>
    /// Lists <see cref="Suite.Pool"/> tickets; their idempotency keys give them the same ids in every run.
    /// </summary>
    public static async Task List(ServiceHost host, List<string> tickets)
    {
        using var seller = host.As("seller");
        for (var i = 0; i < Pool; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/tickets")
            {
                Content = JsonContent.Create(new { title = $"Show {i}", price = 4550, startsAt = "2031-05-01T20:00:00Z" }),
            };
            request.Headers.Add("Idempotency-Key", $"pool{i}");
            using var answer = await seller.SendAsync(request);
            var ticket = await answer.Content.ReadFromJsonAsync<JsonElement>();
            tickets.Add(ticket.GetProperty("id").GetString()!);
        }
    }
}
