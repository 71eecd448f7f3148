using Ticketing.Testing;

namespace Ticketing.Tickets.Tests;

/// <summary>The generic hostile inputs against every route a person can reach, but the stream.</summary>
public sealed class HostileInputsTests(Shop shop) : IClassFixture<Shop>
{
    const string Attacker = "mallory";
    const string Ticket = """{"title":"Hamlet","price":4550,"currency":"usd","venue":"Globe","startsAt":"2031-05-01T19:30:00Z","seat":"A 7"}""";

    public static TheoryData<string, string, string?, bool> Routes => new()
    {
        { "GET", "/api/tickets", null, false },
        { "GET", "/api/tickets/mine", null, true },
        { "GET", "/api/tickets/{id}", null, false },
        { "POST", "/api/tickets", Ticket, true },
        { "PUT", "/api/tickets/{id}", Ticket, true },
        { "DELETE", "/api/tickets/{id}", null, true },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task No_hostile_input_gets_through(string method, string path, string? body, bool needsUser)
    {
        var id = (await shop.List(Attacker)).Text("id")!;
        var route = new HostileRoute(method, path.Replace("{id}", id, StringComparison.Ordinal), body)
        {
            NeedsUser = needsUser,
            Id = path.Contains("{id}", StringComparison.Ordinal) ? id : null,
        };
        Assert.Equal([], await HostileInputs.Attack(shop.Host, route, Attacker));
    }
}
