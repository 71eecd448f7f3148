using System.Text.Json.Nodes;

namespace Ticketing.StripeServer;

/// <summary>The <c>expand</c> parameter: replaces an object's id in a response by the object.</summary>
static class Expansion
{
    const int DepthMax = 4;
    static readonly HashSet<string> Expandable = ["latest_charge", "payment_method", "payment_intent", "charge"];

    /// <summary>Called before the call is executed, like the check of every parameter.</summary>
    public static Error? Check(IReadOnlyList<string> paths)
    {
        var wrong = paths.FirstOrDefault(path => path.Split('.') is var parts
            && (parts.Length > DepthMax || !parts.All(part => part is "data" || Expandable.Contains(part))));
        return wrong is null ? null : Error.Invalid($"This property cannot be expanded ({wrong}).", null, "expand");
    }

    public static void Apply(StripeStore store, JsonNode body, IReadOnlyList<string> paths)
    {
        foreach (var path in paths) Apply(store, body, path.Split('.'));
    }

    static void Apply(StripeStore store, JsonNode? node, ReadOnlySpan<string> path)
    {
        if (path is [] || node is null) return;
        if (node is JsonArray items)
        {
            foreach (var item in items) Apply(store, item, path);
            return;
        }

        if (node[path[0]] is JsonValue id && store.Json(id.GetValue<string>()) is { } found) node[path[0]] = found;
        Apply(store, node[path[0]], path[1..]);
    }
}
