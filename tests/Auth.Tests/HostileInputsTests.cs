using Ticketing.Testing;

namespace Ticketing.Auth.Tests;

public sealed class HostileInputsTests
{
    const string Body = """{"email":"mallory@example.com","password":"a long enough password"}""";

    const string Session = "0123456789abcdef0123456789abcdef";

    public static TheoryData<HostileRoute> Routes =>
    [
        new HostileRoute("POST", "/api/users/signup", Body) { NeedsUser = false },
        new HostileRoute("POST", "/api/users/signin", Body) { NeedsUser = false },
        new HostileRoute("POST", "/api/users/signout") { NeedsUser = false },
        new HostileRoute("GET", "/api/users/me"),
        new HostileRoute("GET", "/api/users/me/export"),
        new HostileRoute("DELETE", "/api/users/me", """{"password":"a long enough password"}"""),
        new HostileRoute("GET", "/api/users/me/sessions"),
        new HostileRoute("DELETE", "/api/users/me/sessions"),
        new HostileRoute("DELETE", $"/api/users/me/sessions/{Session}") { Id = Session },
        new HostileRoute("PUT", "/api/users/me/password",
            """{"current":"a long enough password","new":"another long password"}"""),
    ];

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task No_hostile_input_gets_through(HostileRoute route)
    {
        await using var auth = await AuthHost.Open(args: "--RateLimits:Multiplier=1000");
        Assert.Equal([], await HostileInputs.Attack(auth.Host, route));
    }
}
