using System.Text;
using Ticketing.Testing;

namespace Ticketing.Fuzz.Tests;

/// <summary>A request under construction: valid at first, then mutated step by step.</summary>
/// <remarks>
/// <c>{token:name:session}</c> and <c>{signature}</c> in a header are replaced when the request is sent, since a token
/// contains the time. So the request itself depends only on the seed.
/// </remarks>
sealed class RequestDraft(FuzzRoute route)
{
    public FuzzRoute Route => route;
    public string Method { get; set; } = route.Method;
    /// <summary>The segments of the route's pattern.</summary>
    public List<string> Path { get; } = [];
    /// <summary>Which of <see cref="Path"/> were filled in.</summary>
    public List<int> Filled { get; } = [];
    public List<(string Name, string Value)> Query { get; } = [];
    /// <summary>Appended to the query unchanged.</summary>
    public string QueryRest { get; set; } = "";
    /// <summary>Header lines; each character is a byte.</summary>
    public List<string> Headers { get; } = [];
    public string? ContentType { get; set; }
    public Node? Json { get; set; }
    public List<(string Name, string Value)>? Form { get; set; }
    public byte[]? Body { get; set; }
    /// <summary>Replaces the target that is made of the parts.</summary>
    public string? Target { get; set; }
    public long? Length { get; set; }
    /// <summary>Not valid HTTP: the server may close the connection without a response.</summary>
    public bool IsBrokenHttp { get; set; }
    /// <summary>The mutations, for the report.</summary>
    public List<string> Changes { get; } = [];

    public RequestDraft Set(string header, string value)
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

/// <summary>One request to send.</summary>
/// <param name="IsGood">The route's valid example, without mutations.</param>
sealed record FuzzInput(int Index, FuzzRoute Route, RawRequest Request, bool IsGood, bool IsBrokenHttp, string Changes);
