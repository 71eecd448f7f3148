using System.Buffers;
using Microsoft.Extensions.Primitives;

namespace Ticketing.Sidecar.Http;

/// <summary>W3C baggage is passed on as it is, if it is baggage.</summary>
static class Baggage
{
    static readonly SearchValues<char> Separators = SearchValues.Create(" \t\"(),/:;<=>?@[\\]{}");

    /// <summary>What is wrong with it, in the words of the OpenTelemetry parser, or null.</summary>
    public static string? Fault(StringValues header)
    {
        if (header.Count == 0) return null;
        foreach (var member in header.ToString().Split(','))
        {
            var pair = member.Split(';')[0];
            if (pair.IndexOf('=', StringComparison.Ordinal) is var at && at < 0)
                return $"invalid baggage header: invalid baggage list-member: \"{pair}\"";
            if (pair[..at].Trim() is var key && (key.Length == 0 || key.AsSpan().IndexOfAny(Separators) >= 0))
                return $"invalid baggage header: invalid key: \"{key}\"";
        }

        return null;
    }
}
