using System.Text;
using Ticketing.Testing;

namespace Ticketing.Fuzz.Tests;

/// <summary>A request while it is being written: good at first, then changed piece by piece.</summary>
/// <remarks>
/// <c>{token:name:session}</c> and <c>{signature}</c> in a header stand for what is only known when it is sent: a token
/// has a time in it. So what is written depends on nothing but the seed.
/// </remarks>
sealed class Draft(FuzzRoute route)
{
    public FuzzRoute Route => route;
    public string Method { get; set; } = route.Method;
    /// <summary>The path as its pattern has it, each part on its own.</summary>
    public List<string> Path { get; } = [];
    /// <summary>Which of <see cref="Path"/> were filled in.</summary>
    public List<int> Filled { get; } = [];
    public List<(string Name, string Value)> Query { get; } = [];
    /// <summary>Written after the query as it is.</summary>
    public string QueryRest { get; set; } = "";
    /// <summary>Header lines; each character is a byte.</summary>
    public List<string> Headers { get; } = [];
    public string? ContentType { get; set; }
    public Node? Json { get; set; }
    public List<(string Name, string Value)>? Form { get; set; }
    public byte[]? Body { get; set; }
    /// <summary>What the whole target is, if not what its parts make.</summary>
    public string? Target { get; set; }
    public long? Length { get; set; }
    /// <summary>HTTP itself is broken: the server may close the connection without a word.</summary>
    public bool IsBrokenHttp { get; set; }
    /// <summary>What was changed, for the report.</summary>
    public List<string> Changes { get; } = [];

    public Draft Set(string header, string value)
    {
        Headers.RemoveAll(line => line.StartsWith(header + ":", StringComparison.OrdinalIgnoreCase));
        Headers.Add($"{header}: {value}");
        return this;
    }

    public RawRequest ToRequest()
    {
        var body = Body ?? (Json is { } json ? Escapes.Utf8(json.ToString())
            : Form is { } form ? Encoding.Latin1.GetBytes(FormMutations.Encode(form)) : null);
        if (ContentType is not null && body is not null)
            Headers.Add($"Content-Type: {ContentType}");
        var query = string.Join('&', Query.Select(pair => $"{Escapes.Percent(pair.Name)}={Escapes.Percent(pair.Value)}"))
            + QueryRest;
        var target = Target ?? $"/{string.Join('/', Path)}{(query.Length > 0 ? $"?{query}" : "")}";
        return new(Method, target) { Headers = Headers, Body = body, Length = Length };
    }
}

/// <summary>One thing to send.</summary>
/// <param name="IsGood">Nothing was changed: the route's own example.</param>
sealed record FuzzInput(int Index, FuzzRoute Route, RawRequest Request, bool IsGood, bool IsBrokenHttp, string Changes);
