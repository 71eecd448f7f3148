using System.Text.Json;

namespace Ticketing.Fuzz.Tests;

/// <summary>Properties that every response must have, whatever the request.</summary>
static class Oracles
{
    /// <summary>
    /// Statuses with which the server itself refuses, without a body, before any of the app's code runs.
    /// </summary>
    static readonly int[] ServersOwn = [400, 405, 408, 411, 413, 414, 417, 431, 501, 505];

    /// <returns>What is wrong with the response; null if nothing.</returns>
    public static string? FaultOf(Suite suite, FuzzInput input, Answer answer)
    {
        if (answer.Status == 0)
            return input.IsBrokenHttp && answer.Ending != "no answer in time" ? null : answer.Ending;
        if (IsServersOwn(answer))
            return answer.SaysClose || input.IsBrokenHttp ? null : "refused by the server, and the connection stays";
        return Status(suite, input, answer) ?? Headers(answer) ?? Body(suite, input, answer);
    }

    static bool IsServersOwn(Answer answer) => ServersOwn.Contains(answer.Status) && answer.Body.Length == 0
        && answer.Header("X-Content-Type-Options") is null && answer.Header("Content-Type") is null;

    static string? Status(Suite suite, FuzzInput input, Answer answer) =>
        answer.Status >= 500 ? $"a {answer.Status}"
        // A mutated address may be that of another route, so its answer is not checked by this route's rules.
        : suite.IsHidden(input.Route) && answer.Status is not 404 && input.IsGood
            ? $"a {answer.Status} where nothing should be"
        : null;

    static string? Headers(Answer answer)
    {
        foreach (var (name, value) in answer.Headers)
        {
            if (value.Any(c => c is < ' ' or > '~'))
                return $"a header with bytes that are no plain text: {name}";
            if (name.Contains(HostileValues.Mark, StringComparison.OrdinalIgnoreCase))
                return $"a header of the attacker's own: {name}";
            if (name.Equals("Location", StringComparison.OrdinalIgnoreCase))
            {
                if (!IsLocal(value))
                    return $"it leads elsewhere: {value}";
            }
            else if (WithoutToken(value).Contains(HostileValues.Mark, StringComparison.OrdinalIgnoreCase)
                || WithoutToken(value).Contains("evil", StringComparison.OrdinalIgnoreCase))
                return $"a header that repeats the attacker: {name}";
        }
        return null;
    }

    // A session's token is random text: in one of some thousands four given letters stand together by chance.
    static string WithoutToken(string value) =>
        value.IndexOf("=eyJ", StringComparison.Ordinal) is > 0 and var at && value.IndexOf(';', at) is > 0 and var end
            ? value.Remove(at, end - at)
            : value;

    static bool IsLocal(string location) => location is ['/', ..] && location is not ['/', '/', ..]
        && location.All(c => char.IsAsciiLetterOrDigit(c) || "-._~%/?=&+:@!$'()*,;".Contains(c));

    static string? Body(Suite suite, FuzzInput input, Answer answer)
    {
        if (answer.Header("Content-Encoding") is not null)
            return null;
        var text = answer.Text;
        if (text.Contains("   at ", StringComparison.Ordinal) || text.Contains("Exception:", StringComparison.Ordinal)
            || text.Contains("System.", StringComparison.Ordinal) && answer.Status >= 400)
            return "it shows the inside";
        if (answer.Status < 400 || input.Request.Method == "HEAD")
            return null;
        return suite.IsForBrowsers ? Page(suite, input, answer, text) : Problem(answer, text);
    }

    static string? Page(Suite suite, FuzzInput input, Answer answer, string text)
    {
        var isPage = answer.Header("Content-Type")?.StartsWith("text/html", StringComparison.Ordinal) is true;
        var wantsPage = input.Request.Headers.Contains("Accept: text/html") && !input.Route.IsGuarded
            && !input.Request.Target.Contains("/api", StringComparison.OrdinalIgnoreCase);
        return isPage ? text.Contains("</html>", StringComparison.Ordinal) ? null : "half a page"
            : wantsPage && input.IsGood && !suite.IsHidden(input.Route) ? "no page for a browser"
            : Problem(answer, text);
    }

    static string? Problem(Answer answer, string text)
    {
        if (answer.Header("Content-Type")?.StartsWith("application/problem+json", StringComparison.Ordinal) is not true)
            return $"a {answer.Status} without a problem";
        try
        {
            var problem = JsonElement.Parse(text);
            return problem.GetProperty("status").GetInt32() == answer.Status
                && problem.GetProperty("type").GetString()!.StartsWith("/problems/", StringComparison.Ordinal)
                && problem.GetProperty("title").GetString()!.Length > 0
                && problem.TryGetProperty("traceId", out _) ? null : "an incomplete problem";
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return "a problem that cannot be read";
        }
    }

    /// <summary>Refusals that do change the store: a declined card, a dead letter that is refused again.</summary>
    public static bool MayChange(FuzzInput input, Answer answer) => answer.Status is 0 or < 400 or 402
        || answer.Status == 409 && input.Route.Text.Contains("dead-letters", StringComparison.Ordinal);

    public static string Shown(Answer answer) => answer.Status == 0 ? answer.Ending
        : $"{answer.Status} {string.Join(" | ", answer.Headers.Select(header => $"{header.Name}: {header.Value}"))}\n"
            + Escapes.Shown(answer.Body, 400);
}
