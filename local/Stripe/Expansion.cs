using System.Text.Json.Nodes;

namespace Ticketing.StripeServer;

/// <summary>The <c>expand</c> parameter: the object itself where its id stands.</summary>
static class Expansion
{
    const int DepthMax = 4;
    static readonly HashSet<string> Expandable = ["latest_charge", "payment_method", "payment_intent", "charge"];

    /// <summary>Asked before anything is done, as every parameter is.</summary>
    public static Error? Check(IReadOnlyList<string> paths)
    {
        var wrong = paths.FirstOrDefault(path => path.Split('.') is var parts
            && (parts.Length > DepthMax || !parts.All(part => part is "data" || Expandable.Contains(part))));
        return wrong is null ? null : Error.Invalid($"This property cannot be expanded ({wrong}).", null, "expand");
    }

    public static void Apply(Books books, JsonNode body, IReadOnlyList<string> paths)
    {
        foreach (var path in paths) Apply(books, body, path.Split('.'));
    }

    static void Apply(Books books, JsonNode? node, ReadOnlySpan<string> path)
    {
        if (path is [] || node is null) return;
        if (node is JsonArray items)
        {
            foreach (var item in items) Apply(books, item, path);
            return;
        }

        if (node[path[0]] is JsonValue id && books.Any(id.GetValue<string>()) is { } found) node[path[0]] = found;
        Apply(books, node[path[0]], path[1..]);
    }
}
