using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Ticketing.Testing;

namespace Ticketing.Fuzz.Tests;

/// <summary>
/// Sends a suite's inputs one after the other over one connection, so that a change in the store or a line in the log
/// belongs to the input that was just sent.
/// </summary>
sealed partial class Runner(Suite suite, FuzzSettings settings)
{
    public const string WebhookSecret = "whsec_fuzz";
    const int FaultsMax = 2_000, ShownMax = 4_096, QuietLooks = 10;
    static readonly TimeSpan SlowMax = TimeSpan.FromSeconds(5), AnswerMax = TimeSpan.FromSeconds(10);
    static readonly TimeSpan QuietLook = TimeSpan.FromMilliseconds(5);

    readonly Report report = new(suite.Name);
    readonly Dictionary<(string User, string Session), string> tokens = [];
    Connection? connection;
    FuzzInput? before;

    public async Task<Report> Run(int count)
    {
        var clock = Stopwatch.StartNew();
        var only = settings.OnlySuite == suite.Name ? settings.OnlyIndex : -1;
        for (var i = Math.Max(only, 0); only >= 0 ? i == only : i < count && report.FaultCount < FaultsMax; i++)
            await Try(Generator.Of(suite, settings, i));
        connection?.Dispose();
        report.Stopped = report.FaultCount >= FaultsMax ? $"more than {FaultsMax} faults" : null;
        report.Took = clock.Elapsed;
        return report;
    }

    async Task Try(FuzzInput input)
    {
        var bytes = await Bind(input.Request);
        var (changes, errors) = (suite.Changes, suite.Errors.Count);
        var start = Stopwatch.GetTimestamp();
        var answer = await Send(input, bytes);
        var took = Stopwatch.GetElapsedTime(start);
        if (took > SlowMax && answer.Status != 0)
        {
            // The machine may have been busy: only an input that is slow twice is reported.
            start = Stopwatch.GetTimestamp();
            await Send(input, bytes);
            took = Stopwatch.GetElapsedTime(start);
        }
        if (answer.Status == 0)
            await Quiet();
        report.Count(input, answer, suite.IsReachedBy(input.Route, answer.Status));
        var fault = Oracles.FaultOf(suite, input, answer)
            ?? (took > SlowMax ? $"it took longer than {SlowMax.TotalSeconds} s" : null)
            ?? (suite.Changes != changes && !Oracles.MayChange(input, answer)
                ? $"a {answer.Status} that changed something" : null)
            ?? (suite.Errors.Count != errors && !MayLog(input, answer)
                ? $"an error is logged by {suite.Errors.LastCategory}" : null);
        if (fault is not null)
            report.Fault(input, fault, () => Story(input, bytes, answer, fault, suite.Errors.Count != errors));
        before = input;
    }

    async Task<Answer> Send(FuzzInput input, byte[] bytes)
    {
        using var timeout = new CancellationTokenSource(AnswerMax);
        var isHead = input.Request.Method == "HEAD";
        if (input.IsBrokenHttp)
        {
            using var own = await Connection.Open(suite.Address, timeout.Token);
            return await own.Ask(bytes, isHead, isLast: true, timeout.Token);
        }
        var isFresh = connection is null;
        connection ??= await Connection.Open(suite.Address, timeout.Token);
        var answer = await connection.Ask(bytes, isHead, isLast: false, timeout.Token);
        if (answer.Status == 0 || answer.SaysClose || answer.IsStream)
            Close();
        if (answer.Status != 0 || isFresh)
            return answer;
        // Caused by this input, or by the one before it, whose response did not announce that the connection closes.
        answer = await Send(input, bytes);
        if (answer.Status != 0 && before is not null)
            report.Fault(before, "the connection is closed after an answer that did not say so",
                () => Story(before, before.Request.ToBytes(suite.Address, close: false), Answer.None("an answer"),
                    "The next request on this connection had none.", withLog: false));
        return answer;
    }

    void Close()
    {
        connection?.Dispose();
        connection = null;
    }

    /// <summary>Fills in tokens, and the webhook's signature over the body's bytes.</summary>
    async Task<byte[]> Bind(RawRequest request)
    {
        var headers = new List<string>();
        foreach (var line in request.Headers)
        {
            var bound = line.Replace("{app-token}", ServiceHost.AppToken, StringComparison.Ordinal)
                .Replace("{signature}", Signature(request.Body ?? []), StringComparison.Ordinal);
            foreach (Match match in TokenPlace().Matches(line))
                bound = bound.Replace(match.Value, await Token(match), StringComparison.Ordinal);
            headers.Add(bound);
        }
        return (request with { Headers = headers }).ToBytes(suite.Address, close: false);
    }

    async Task<string> Token(Match place)
    {
        var key = (place.Groups["user"].Value, place.Groups["session"].Value);
        if (!tokens.TryGetValue(key, out var token))
            tokens[key] = token = await suite.Token(key.Item1, key.Item2);
        return place.Groups["how"].Value switch
        {
            "cut" => token[..(token.Length / 2)],
            "flip" => $"{token[..^9]}{(token[^9] == 'A' ? 'B' : 'A')}{token[^8..]}",
            _ => token,
        };
    }

    // The signature contains the current time, which is checked; everything else in an input depends on the seed.
    static string Signature(byte[] body)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var signed = HMACSHA256.HashData(
            Encoding.UTF8.GetBytes(WebhookSecret), (byte[])[.. Encoding.UTF8.GetBytes($"{now}."), .. body]);
        return $"t={now},v1={Convert.ToHexStringLower(signed)}";
    }

    // A request whose connection was closed may still be running.
    async Task Quiet()
    {
        for (var (looks, last) = (0, suite.Changes); looks < QuietLooks; looks++)
        {
            await Task.Delay(QuietLook);
            (looks, last) = (suite.Changes == last ? looks : 0, suite.Changes);
        }
    }

    // A dropped message is logged as an error for operators: expected.
    // A request whose client disconnected has no response.
    static bool MayLog(FuzzInput input, Answer answer) =>
        answer.Status == 0 || input.Route.Topic is not null && answer.Status == 200;

    string Story(FuzzInput input, byte[] bytes, Answer answer, string fault, bool withLog) => $"""
        FUZZ_SEED={settings.Seed} FUZZ_ONLY={suite.Name}:{input.Index}   changed: {(input.IsGood ? "nothing" : input.Changes)}
        {Escapes.Shown(bytes, ShownMax)}
        -> {Oracles.Shown(answer)}
        {(withLog ? Escapes.Shown(Encoding.UTF8.GetBytes(suite.Errors.Last), ShownMax) : fault)}

        """;

    [GeneratedRegex(@"\{token:(?<user>[a-z0-9]+):(?<session>[a-z0-9]+)(:(?<how>[a-z]+))?\}")]
    private static partial Regex TokenPlace();
}
