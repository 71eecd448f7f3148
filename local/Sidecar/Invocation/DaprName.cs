namespace Ticketing.Sidecar.Invocation;

/// <summary>What names and methods may hold, so that they cannot mean something else inside a path. Null stands for
/// no fault.</summary>
static class DaprName
{
    /// <summary>Of actor types, actor ids, timers and reminders.</summary>
    public static string? Fault(string name) =>
        name is "." or ".." ? $"name is a path traversal sequence: '{name}'" : Fault(name, "name", "#?\0/\\");

    /// <summary>Of the path at the app.</summary>
    public static string? MethodFault(string method) => Fault(method, "method", "#?\0");

    static string? Fault(string name, string what, ReadOnlySpan<char> forbidden)
    {
        if (name.AsSpan().IndexOfAny(forbidden) >= 0) return $"{what} contains forbidden character: '{name}'";
        for (var i = 0; i < name.Length; i++)
            if (name[i] is < ' ' or '\x7f') return $"{what} contains control character at position {i}: '{name}'";
        return null;
    }
}
