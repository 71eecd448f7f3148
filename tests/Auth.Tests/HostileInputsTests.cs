using Ticketing.Testing;

namespace Ticketing.Auth.Tests;

public sealed class HostileInputsTests
{
    const string Body = """{"email":"mallory@example.com","password":"a long enough password"}""";

    public static TheoryData<HostileRoute> Routes =>
    [
        new HostileRoute("POST", "/api/users/signup", Body) { NeedsUser = false },
        new HostileRoute("POST", "/api/users/signin", Body) { NeedsUser = false },
        new HostileRoute("POST", "/api/users/signout") { NeedsUser = false },
        new HostileRoute("GET", "/api/users/me"),
        new HostileRoute("GET", "/api/users/me/export"),
        new HostileRoute("DELETE", "/api/users/me", """{"password":"a long enough password"}"""),
    ];

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task No_hostile_input_gets_through(HostileRoute route)
    {
        await using var shop = await Shop.Open(args: "--RateLimits:Multiplier=1000");
        Assert.Equal([], await HostileInputs.Attack(shop.Host, route));
    }
}
