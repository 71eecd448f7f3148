using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Testing;

/// <summary>
/// The forty generic hostile inputs (G1–G40) against any route: none may cause a 5xx. A refusal must be a problem
/// response without internal details, and must change nothing.
/// </summary>
/// <remarks>
/// In a service's tests: <c>Assert.Empty(await HostileInputs.Attack(host, route))</c> for each route. Widen the rate
/// limits for it (<c>RateLimits:Multiplier</c>). Not here, because they need no route: slow bodies (G31), rates (G40).
/// </remarks>
public static class HostileInputs
{
    internal const string RevokedSession = "revoked-session";
    const int AtOnce = 100;
    /// <summary>Polls in a row that find nothing new, after which a request counts as finished.</summary>
    const int QuietLooks = 10;

    public static IReadOnlyList<HostileInput> Of(HostileRoute route, ServiceHost host, string user)
    {
        var now = host.Clock.GetUtcNow();
        string Token(Action<Microsoft.IdentityModel.Tokens.SecurityTokenDescriptor> change)
        {
            var token = TestSessions.Good(user, now, user);
            change(token);
            return TestSessions.Sign(token);
        }
        var good = route.Good(Token(_ => { }));
        return [.. HostileBodies.Of(route, good), .. HostileProtocol.Of(route, good),
            .. HostileIdentity.Of(route, good, Token),
            .. Enumerable.Repeat(new HostileInput("G38 a hundred at once", Verdict.Harmless, good), AtOnce)];
    }

    /// <param name="user">The attacker: a user with an account and no other rights.</param>
    /// <returns>The failures, one line each; empty if there are none.</returns>
    public static async Task<IReadOnlyList<string>> Attack(ServiceHost host, HostileRoute route,
        string user = "mallory")
    {
        host.Services.GetRequiredService<RevokedSessions>()
            .Add(new(RevokedSession, UserId.Parse(user), host.Clock.GetUtcNow().AddHours(1)));
        var faults = new List<string>();
        var inputs = Of(route, host, user);
        foreach (var input in inputs.Where(input => !input.Name.StartsWith("G38", StringComparison.Ordinal)))
        {
            var before = State(host);
            var answer = await input.Request.Send(host.Address);
            // The client disconnects before the response; its request may have been valid.
            if (input.Request.HangUp)
                await Quiet(host);
            var isRefused = answer.Status is >= 400 or 0 && !input.Request.HangUp;
            var fault = FaultOf(input, answer) ?? (isRefused && State(host) != before ? "it changed something" : null);
            if (fault is not null)
                faults.Add($"{route}: {input.Name}: {fault}: {answer}");
        }
        var together = inputs.Where(input => input.Name.StartsWith("G38", StringComparison.Ordinal)).ToList();
        var answers = await Task.WhenAll(together.Select(input => input.Request.Send(host.Address)));
        faults.AddRange(answers.Select(answer => (answer, Fault: FaultOf(together[0], answer)))
            .Where(item => item.Fault is not null)
            .Select(item => $"{route}: {together[0].Name}: {item.Fault}: {item.answer}"));
        return faults;
    }

    static string? FaultOf(HostileInput input, RawAnswer answer)
    {
        if (answer.Status >= 500)
            return "a 5xx";
        if (answer.Body.Contains("   at ", StringComparison.Ordinal)
            || answer.Body.Contains("Exception", StringComparison.Ordinal))
            return "it shows the inside";
        if (answer.Head.Contains("injected", StringComparison.Ordinal)
            || answer.Head.Contains("evil.example", StringComparison.Ordinal))
            return "it repeats the attacker";
        return input.Verdict switch
        {
            Verdict.Refused => answer.Status is >= 400 ? ProblemFault(answer) : "not refused",
            Verdict.TurnedAway => answer.Status is 0 or >= 400 || input.Request.HangUp ? null : "not turned away",
            _ => null,
        };
    }

    static string? ProblemFault(RawAnswer answer)
    {
        if (!answer.Head.Contains("application/problem+json", StringComparison.Ordinal))
            return "no problem body";
        var problem = JsonDocument.Parse(answer.Body).RootElement;
        return problem.GetProperty("status").GetInt32() == answer.Status
            && problem.GetProperty("type").GetString()!.StartsWith("/problems/", StringComparison.Ordinal)
            && problem.GetProperty("title").GetString()!.Length > 0 && problem.TryGetProperty("traceId", out _)
            ? null : "an incomplete problem";
    }

    // Work that such a request started goes on after it, and must not be attributed to the next request.
    static async Task Quiet(ServiceHost host)
    {
        var (last, same) = (State(host), 0);
        await Eventually.Is(() =>
        {
            var now = State(host);
            (last, same) = (now, now == last ? same + 1 : 0);
            return same >= QuietLooks;
        });
    }

    // Journal entries do not count: they are written and removed even if nothing changes.
    static string State(ServiceHost host) => string.Join('\n', host.Store.Keys
        .Where(key => !key.StartsWith("journal:", StringComparison.Ordinal))
        .Select(key => $"{key} {host.Store.Get(key)?.ETag}").Order(StringComparer.Ordinal));
}
