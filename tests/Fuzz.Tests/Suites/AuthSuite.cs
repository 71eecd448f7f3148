using System.Net.Http.Json;
using Ticketing.Auth;

namespace Ticketing.Fuzz.Tests;

/// <summary>Accounts and sessions. Its tokens are its own: who is wanted signs up or in for each input.</summary>
sealed class AuthSuite(OtherAppsServer others) : Suite
{
    const int People = 40;
    const string Password = "a long enough password";

    public override string Name => "auth";

    protected override Task Open() => Add(AuthApp.Build, others.ServeFor, "--Passwords:Iterations=1000");

    public override string Buyer(int number) => $"person{number % People}";

    // Signing up needs a person nobody has heard of, signing in one who is there.
    public override int NumberFor(FuzzRoute route, Random random) =>
        route.Text.EndsWith("/signup", StringComparison.Ordinal) ? random.Next(1_000, int.MaxValue) : random.Next(People);

    public override void Complete(Draft draft, int number)
    {
        if (draft.Route.Text.EndsWith("/signin", StringComparison.Ordinal))
            draft.Set("Authorization", $"Bearer {{token:{Buyer(number)}:s1}}");
    }

    public override async Task<string> Token(string user, string session)
    {
        var client = Hosts[0].Anonymous;
        var person = new { email = $"{user}@example.com", password = Password };
        var answer = await client.PostAsJsonAsync("/api/users/signin", person);
        if (!answer.IsSuccessStatusCode)
            answer = await client.PostAsJsonAsync("/api/users/signup", person);
        var cookies = answer.Headers.TryGetValues("Set-Cookie", out var set) ? set : [];
        return cookies.Select(cookie => cookie.Split(';')[0].Split('=', 2)).Where(pair => pair[0].EndsWith("session", StringComparison.Ordinal))
            .Select(pair => pair[1]).FirstOrDefault("none");
    }
}
