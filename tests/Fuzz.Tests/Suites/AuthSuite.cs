using System.Net.Http.Json;
using Ticketing.Auth;
using Ticketing.Testing;

namespace Ticketing.Fuzz.Tests;

/// <summary>Accounts and sessions. Its tokens come from auth itself: a user signs up or in for each input.</summary>
sealed class AuthSuite(OtherAppsServer others) : Suite
{
    const int People = 40;
    const string Password = "a long enough password";

    public override string Name => "auth";

    protected override async Task Open() =>
        await SignUpAll(await Add(AuthApp.Build, others.ServeFor, "--Passwords:Iterations=1000"));

    public static async Task SignUpAll(ServiceHost auth)
    {
        for (var i = 0; i < People; i++)
            await auth.Anonymous.PostAsJsonAsync("/api/users/signup", Person($"person{i}"));
    }

    static Credentials Person(string name) => new($"{name}@example.com", Password);

    public override int Sessions => int.MaxValue;
    public override string Buyer(int number) => $"person{number % People}";

    public override int NumberFor(FuzzRoute route, Random random) => PersonFor(route, random);

    /// <summary>Signing up needs a new address; everything else an existing user.</summary>
    public static int PersonFor(FuzzRoute route, Random random) =>
        route.Text.EndsWith("/signup", StringComparison.Ordinal) ? random.Next(1_000, int.MaxValue) : random.Next(People);

    public override async Task<string> Token(string user, string session)
    {
        var client = Hosts[0].Anonymous;
        var person = Person(user);
        var answer = await client.PostAsJsonAsync("/api/users/signin", person);
        if (!answer.IsSuccessStatusCode)
            answer = await client.PostAsJsonAsync("/api/users/signup", person);
        var cookies = answer.Headers.TryGetValues("Set-Cookie", out var set) ? set : [];
        return cookies.Select(cookie => cookie.Split(';')[0].Split('=', 2))
            .Where(pair => pair[0].EndsWith("session", StringComparison.Ordinal)).Select(pair => pair[1]).FirstOrDefault("none");
    }
}
