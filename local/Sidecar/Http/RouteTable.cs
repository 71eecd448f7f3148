namespace Ticketing.Sidecar.Http;

/// <param name="values">The path's parameters in order, unescaped; a trailing <c>*</c> is the last one.</param>
public delegate Task RouteHandler(HttpContext http, string[] values);

/// <summary>daprd's routes: literals precede parameters, parameters a trailing <c>*</c>, and a route without the verb
/// is skipped. Requests without a route go to <see cref="Fallback"/>: there is no 405.</summary>
public sealed class RouteTable
{
    readonly Node _root = new();

    /// <summary>Service invocation by header, for every path and verb without a route.</summary>
    public RouteHandler Fallback { get; set; } = (http, _) => http.WriteErrorAsync(DaprErrors.NoAppId);

    /// <param name="verbs">Separated by spaces; "*" for all.</param>
    /// <param name="pattern">Such as <c>/v1.0/state/{store}/{key}</c> or <c>/v1.0/publish/{pubsub}/*</c>.</param>
    public void Map(string verbs, string pattern, RouteHandler handler)
    {
        var node = _root;
        foreach (var segment in pattern.TrimStart('/').Split('/')) node = node.Child(segment);
        foreach (var verb in verbs.Split(' ')) node.Handlers.Add((verb, handler));
    }

    /// <summary>Finds the route of a cleaned, still escaped path.</summary>
    internal RouteHandler? Find(string verb, string path, out string[] rawValues)
    {
        var values = new List<string>(4);
        var handler = Find(_root, verb, path, 1, values);
        rawValues = [.. values];
        return handler;
    }

    static RouteHandler? Find(Node node, string verb, string path, int start, List<string> values)
    {
        if (start > path.Length) return node.HandlerFor(verb);
        var end = path.IndexOf('/', start) is var slash && slash < 0 ? path.Length : slash;
        var segment = path.AsSpan(start, end - start);

        if (node.Literals.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(segment, out var literal)
            && Find(literal, verb, path, end + 1, values) is { } exact) return exact;

        var depth = values.Count;
        if (node.Parameter is { } parameter && segment.Length > 0)
        {
            values.Add(segment.ToString());
            if (Find(parameter, verb, path, end + 1, values) is { } found) return found;
            values.RemoveRange(depth, values.Count - depth);
        }

        if (node.Tail?.HandlerFor(verb) is not { } tail) return null;
        values.Add(path[start..]);
        return tail;
    }

    sealed class Node
    {
        public Dictionary<string, Node> Literals { get; } = new(StringComparer.Ordinal);
        public Node? Parameter { get; private set; }
        public Node? Tail { get; private set; }
        public List<(string Verb, RouteHandler Handler)> Handlers { get; } = [];

        public RouteHandler? HandlerFor(string verb)
        {
            foreach (var (known, handler) in Handlers)
                if (known == verb || known == "*") return handler;
            return null;
        }

        public Node Child(string segment)
        {
            if (segment == "*") return Tail ??= new Node();
            if (segment.StartsWith('{')) return Parameter ??= new Node();
            if (!Literals.TryGetValue(segment, out var child)) Literals.Add(segment, child = new Node());
            return child;
        }
    }
}
