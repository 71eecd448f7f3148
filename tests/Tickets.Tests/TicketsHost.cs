using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Ticketing.Contracts;
using Ticketing.Testing;

namespace Ticketing.Tickets.Tests;

/// <summary>The tickets service in this process, called over HTTP as people and the sidecar call it.</summary>
public sealed class TicketsHost : IAsyncLifetime
{
    /// <summary>A test lists more tickets in a minute than the rate limit allows a person.</summary>
    const string ManyRequests = "--RateLimits:Multiplier=1000";

    public ServiceHost Host { get; private set; } = null!;
    public int OpenMax { get; init; } = 2_000;
    /// <summary>Of the PostgreSQL server that is searched; "": the memory is.</summary>
    public string SearchConnection { get; init; } = "";
    /// <summary>Null: the default.</summary>
    public string? Currencies { get; init; }
    public InMemoryStore? Store { get; init; }

    public async ValueTask InitializeAsync()
    {
        Host = await ServiceHost.Start(TicketsApp.Build, store: Store, args: [ManyRequests,
            $"--Tickets:OpenListingsMax={OpenMax}", $"--Tickets:SearchConnection={SearchConnection}",
            .. Currencies is null ? Array.Empty<string>() : [$"--Tickets:Currencies={Currencies}"]]);
        await Eventually.Is(async () => (await Host.Anonymous.GetAsync("/api/tickets")).IsSuccessStatusCode);
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    public static object Hamlet(string title = "Hamlet", long price = 4550) => new { title, price };

    public async Task<JsonElement> List(string seller, object? ticket = null)
    {
        using var client = Host.As(seller);
        using var answer = await client.PostAsJsonAsync("/api/tickets", ticket ?? Hamlet());
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    public Task<JsonElement> Get(string path, string? viewer = null) => Get(path, HttpStatusCode.OK, viewer);

    public async Task<JsonElement> Get(string path, HttpStatusCode expected, string? viewer = null)
    {
        using var client = viewer is null ? null : Host.As(viewer);
        using var answer = await (client ?? Host.Anonymous).GetAsync(path);
        Assert.Equal(expected, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Delivers an event of the orders service, as the sidecar does.</summary>
    public async Task<string> ApplyOrder(string ticket, int seq, OrderStatus status, string buyer = "buyer")
    {
        var id = new TicketId(ticket);
        var order = Some.Order(seq, status) with { Id = new(id, seq), TicketId = id, Buyer = new(buyer) };
        using var answer = await Host.Deliver(Event.Of(OrderEvents.For(status), order));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("outcome").GetString()!;
    }

    public static async Task AssertProblem(HttpResponseMessage answer, int status, string code)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == (int)answer.StatusCode, $"{(int)answer.StatusCode} instead of {status}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal($"/problems/{code}", JsonElement.Parse(text).GetProperty("type").GetString());
    }
}

static class Json
{
    public static string? Text(this JsonElement json, string member) =>
        json.TryGetProperty(member, out var value) ? value.ToString() : null;

    public static IEnumerable<string?> Ids(this JsonElement page) =>
        page.GetProperty("items").EnumerateArray().Select(ticket => ticket.Text("id"));
}
