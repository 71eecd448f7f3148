namespace Ticketing.Sidecar.PubSub;

/// <summary>What an app made of an event.</summary>
/// <param name="Outcome">The app's own word for what it did, or what went wrong.</param>
sealed record AppAnswer(AnswerKind Kind, string Outcome = "")
{
    public Verdict Verdict => Kind == AnswerKind.Failed ? Verdict.Failure : Verdict.Success;

    /// <summary>Any 2xx is success unless its body says otherwise; 404 drops; all else fails.</summary>
    public static AppAnswer Read(int status, ReadOnlySpan<byte> body) => status switch
    {
        >= 200 and <= 299 => FromBody(body),
        404 => new(AnswerKind.Dropped, "404"),
        _ => new(AnswerKind.Failed, status.ToString(CultureInfo.InvariantCulture)),
    };

    static AppAnswer FromBody(ReadOnlySpan<byte> body)
    {
        var (status, outcome) = StatusOf(body);
        return status switch
        {
            "" or "SUCCESS" => new(AnswerKind.Settled, outcome),
            "DROP" => new(AnswerKind.Dropped, outcome.Length > 0 ? outcome : "DROP"),
            _ => new(AnswerKind.Failed, status),
        };
    }

    /// <summary>A body that is no such object says nothing.</summary>
    static (string Status, string Outcome) StatusOf(ReadOnlySpan<byte> body)
    {
        try
        {
            var said = DaprJson.Read(body, SidecarJson.Default.EventStatus);
            return (said?.Status ?? "", said?.Outcome ?? "");
        }
        catch (JsonException)
        {
            return ("", "");
        }
    }
}

/// <summary>The body of an app's answer.</summary>
/// <param name="Status">What daprd acts on.</param>
/// <param name="Outcome">What only this sidecar shows.</param>
sealed record EventStatus(string? Status, string? Outcome);

enum AnswerKind { Settled, Failed, Dropped }
