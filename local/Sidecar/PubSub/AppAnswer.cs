using System.Text.Json;
using Ticketing.Sidecar.Json;
using Ticketing.Sidecar.Resiliency;

namespace Ticketing.Sidecar.PubSub;

/// <summary>What an app made of an event.</summary>
/// <param name="Code">The HTTP status, where that is what failed.</param>
/// <param name="Outcome">The app's own word for what it did, or what went wrong.</param>
sealed record AppAnswer(AnswerKind Kind, int? Code = null, string Outcome = "")
{
    public Verdict Verdict => Kind != AnswerKind.Failed ? Verdict.Success
        : Code is { } code ? Verdict.FailureWith(code) : Verdict.Failure;

    /// <summary>Any 2xx is success unless its body says otherwise; 404 drops; all else fails.</summary>
    public static AppAnswer Read(int status, ReadOnlySpan<byte> body) => status switch
    {
        >= 200 and <= 299 => FromBody(body),
        404 => new(AnswerKind.Dropped, Outcome: "404"),
        _ => new(AnswerKind.Failed, status, status.ToString(System.Globalization.CultureInfo.InvariantCulture)),
    };

    static AppAnswer FromBody(ReadOnlySpan<byte> body)
    {
        var (status, outcome) = StatusOf(body);
        return status switch
        {
            "" or "SUCCESS" => new(AnswerKind.Settled, Outcome: outcome),
            "DROP" => new(AnswerKind.Dropped, Outcome: outcome.Length > 0 ? outcome : "DROP"),
            _ => new(AnswerKind.Failed, Outcome: status),
        };
    }

    /// <summary>The <c>status</c> daprd acts on, and the <c>outcome</c> that only this sidecar shows. A body that is no
    /// such object says nothing.</summary>
    static (string Status, string Outcome) StatusOf(ReadOnlySpan<byte> body)
    {
        var (status, outcome) = ("", "");
        try
        {
            var reader = new Utf8JsonReader(body);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return ("", "");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = GoValue.TextOf(ref reader);
                reader.Read();
                var isStatus = name.Equals("status", StringComparison.OrdinalIgnoreCase);
                if (reader.TokenType == JsonTokenType.String)
                {
                    if (isStatus) status = GoValue.TextOf(ref reader);
                    else if (name.Equals("outcome", StringComparison.OrdinalIgnoreCase))
                        outcome = GoValue.TextOf(ref reader);
                }
                else if (isStatus && reader.TokenType != JsonTokenType.Null)
                {
                    return ("", "");
                }

                reader.Skip();
            }

            return (status, outcome);
        }
        catch (JsonException)
        {
            return ("", "");
        }
    }
}

enum AnswerKind { Settled, Failed, Dropped }
