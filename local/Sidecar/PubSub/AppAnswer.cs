namespace Ticketing.Sidecar.PubSub;

/// <summary>The result of an event in the app.</summary>
/// <param name="Outcome">What the app reported, or the error.</param>
sealed record AppAnswer(AnswerKind Kind, string Outcome = "")
{
    public Verdict Verdict => Kind == AnswerKind.Failed ? Verdict.Failure : Verdict.Success;

    /// <summary>2xx is success unless the body says otherwise; 404 drops the event; all else fails.</summary>
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

    /// <summary>A body of another form is ignored.</summary>
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

/// <summary>The body of an app's response.</summary>
/// <param name="Status">Read by daprd.</param>
/// <param name="Outcome">Read only by this sidecar, for the flow page.</param>
sealed record EventStatus(string? Status, string? Outcome);

enum AnswerKind { Settled, Failed, Dropped }
