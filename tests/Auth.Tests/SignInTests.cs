using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Ticketing.Common;
using Ticketing.Testing;

namespace Ticketing.Auth.Tests;

public sealed class SignInTests
{
    static Passwords Cheap(int iterations = 1000) => new(new ConfigurationBuilder()
        .AddInMemoryCollection([new("Passwords:Iterations", $"{iterations}")]).Build(), NullLogger<Passwords>.Instance);

    [Fact]
    public async Task Passwords_cost_what_owasp_asks()
    {
        using var passwords = new Passwords(new ConfigurationBuilder().Build(), NullLogger<Passwords>.Instance);
        var hash = Convert.FromBase64String((await passwords.Hash("password", default, default))!);
        // Identity's format 1: marker, PRF (2 = HMAC-SHA512), iterations, length of the salt.
        Assert.Equal(1, hash[0]);
        Assert.Equal(2, BitConverter.ToInt32([.. hash[1..5].Reverse()]));
        Assert.True(BitConverter.ToInt32([.. hash[5..9].Reverse()]) >= 220_000);
        Assert.Equal(16, BitConverter.ToInt32([.. hash[9..13].Reverse()]));
    }

    [Fact]
    public async Task An_old_hash_is_renewed_at_the_next_sign_in()
    {
        var store = new InMemoryStore();
        await using (var yesterday = await AuthHost.Open(store: store))
            await yesterday.SignUp("ada@example.com");
        await using var today = await AuthHost.Open(store: store, args: "--Passwords:Iterations=2000");
        string Hash() => JsonDocument.Parse(
                store.Get(store.Keys.Single(key => key.StartsWith("user:", StringComparison.Ordinal)))!.Value.Value)
            .RootElement.GetProperty("state").GetProperty("passwordHash").GetString()!;
        var before = Hash();
        Reply.Is(401, null, await today.SignIn("ada@example.com", "wrong password"));
        Assert.Equal(before, Hash());
        Reply.Is(200, null, await today.SignIn("ada@example.com"));
        var after = Hash();
        Assert.NotEqual(before, after);
        Reply.Is(200, null, await today.SignIn("ada@example.com"));
        Assert.Equal(after, Hash());
    }

    [Fact]
    public async Task No_account_takes_as_long_as_a_wrong_password()
    {
        using var passwords = Cheap(20_000);
        var hash = (await passwords.Hash("the right one", default, default))!;
        var account = Account.Absent("a") with { PasswordHash = hash, Version = 1 };
        await passwords.Verify(null, "first use", default, default);
        var (known, unknown) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var i = 0; i < 9; i++)
        {
            known.Add(await Time(account));
            unknown.Add(await Time(null));
        }
        // Compare the fastest of each: a busy machine makes single measurements slower.
        Assert.InRange(unknown.Min() / known.Min(), 0.5, 2);

        async Task<TimeSpan> Time(Account? who)
        {
            var started = TimeProvider.System.GetTimestamp();
            Assert.Equal(PasswordVerificationResult.Failed, await passwords.Verify(who, "a wrong one", default, default));
            return TimeProvider.System.GetElapsedTime(started);
        }
    }

    [Fact]
    public async Task A_storm_of_sign_ins_is_turned_away_with_a_time_to_come_again()
    {
        await using var auth = await AuthHost.Open(
            args: ["--Passwords:Iterations=50000", "--RateLimits:Multiplier=1000"]);
        await auth.SignUp("ada@example.com");
        var replies = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => auth.SignIn("ada@example.com")));
        Assert.All(replies, reply => Assert.True(reply.Status is 200 or 429, reply.Body));
        Assert.Contains(replies, reply => reply.Status == 200);
        Assert.All(replies.Where(reply => reply.Status == 429), reply => Assert.NotNull(reply.RetryAfter));
    }

    [Fact]
    public async Task Two_who_sign_in_without_end_do_not_keep_a_third_out()
    {
        await using var auth = await AuthHost.Open(
            args: ["--Passwords:Iterations=50000", "--RateLimits:Multiplier=1000"]);
        foreach (var name in (string[])["ada", "eve", "mallory"])
            await auth.SignUp($"{name}@example.com");
        using var stop = new CancellationTokenSource();
        async Task Attack(string name, string from)
        {
            while (!stop.IsCancellationRequested)
                await auth.SignIn($"{name}@example.com", from: from);
        }
        var attacks = Enumerable.Range(0, 60)
            .Select(i => i % 2 == 0 ? Attack("eve", "1.1.1.1") : Attack("mallory", "2.2.2.2")).ToList();
        await Eventually.Is(async () => (await auth.SignIn("eve@example.com", from: "1.1.1.1")).Status == 429);
        for (var i = 0; i < 5; i++)
            Reply.Is(200, null, await auth.SignIn("ada@example.com", from: "3.3.3.3"));
        await stop.CancelAsync();
        await Task.WhenAll(attacks);
    }

    [Fact]
    public async Task Who_is_right_again_and_again_is_slowed_down_too()
    {
        await using var auth = await AuthHost.Open();
        await auth.SignUp("eve@example.com");
        var replies = new List<Reply>();
        for (var i = 0; i < 25; i++)
            replies.Add(await auth.SignIn("eve@example.com"));
        Assert.InRange(replies.Count(reply => reply.Status == 200), 20, 22);
        Reply.Is(429, "too-many-requests", replies[^1]);
        Assert.InRange(replies[^1].RetryAfter!.Value.TotalSeconds, 1, 10);
    }

    [Fact]
    public async Task Guessing_is_slowed_down_and_the_owners_browser_is_not()
    {
        await using var auth = await AuthHost.Open();
        var ada = await auth.SignUp("ada@example.com");
        Reply? last = null;
        for (var i = 0; i < 60 && last?.Status != 429; i++)
            last = await auth.SignIn("ada@example.com", $"wrong guess {i}", from: $"10.0.0.{i}");
        Reply.Is(429, "too-many-requests", last!);
        Assert.NotNull(last!.RetryAfter);
        Reply.Is(429, null, await auth.SignIn("ada@example.com", from: "10.9.9.9"));
        Reply.Is(200, null, await auth.SignIn("ada@example.com", cookies: ada.Device, from: "10.9.9.9"));
        // Another account's device cookie, or a session token in its place, counts as no known device.
        var mallory = await auth.SignUp("mallory@example.com");
        Reply.Is(429, null, await auth.SignIn("ada@example.com", cookies: mallory.Device, from: "10.9.9.9"));
        Reply.Is(429, null,
            await auth.SignIn(
                "ada@example.com", cookies: "ticketing-device=" + ada.Session.Split('=')[1], from: "10.9.9.9"));
        Reply.Is(401, null, await auth.Me("ticketing-session=" + ada.Device.Split('=')[1]));
    }

    [Fact]
    public async Task Without_its_key_auth_says_so_and_guesses_cost_nothing()
    {
        ReadSecret onlyThePublicKey = (name, _) => name == SessionKeys.SecretName
            ? Task.FromResult(TestSessions.PublicKeyPem)
            : throw new SidecarException("not yet");
        await using var auth = await AuthHost.Open(
            configure: builder => builder.Services.AddSingleton(onlyThePublicKey));
        Reply.Is(503, "unavailable", await auth.SignUp("ada@example.com"));
        var ready = await auth.Host.Anonymous.GetAsync("/health/ready");
        Assert.Contains("signing-key", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
