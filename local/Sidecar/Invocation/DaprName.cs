namespace Ticketing.Sidecar.Invocation;

/// <summary>Checks the characters of names and methods, which must not change the meaning of a path. Null:
/// valid.</summary>
static class DaprName
{
    /// <summary>For actor types, actor ids, timers and reminders.</summary>
    public static string? Fault(string name) =>
        name is "." or ".." ? $"name is a path traversal sequence: '{name}'" : Fault(name, "name", "#?\0/\\");

    /// <summary>For the path at the app.</summary>
    public static string? MethodFault(string method) => Fault(method, "method", "#?\0");

    static string? Fault(string name, string what, ReadOnlySpan<char> forbidden)
    {
        if (name.AsSpan().IndexOfAny(forbidden) >= 0) return $"{what} contains forbidden character: '{name}'";
        for (var i = 0; i < name.Length; i++)
            if (name[i] is < ' ' or '\x7f') return $"{what} contains control character at position {i}: '{name}'";
        return null;
    }
}
