using System.Globalization;
using System.Text;

namespace Ticketing.Sidecar.Invocation;

/// <summary>What names and methods may hold, so that they cannot mean something else inside a path. Faults are worded
/// as daprd words them; null stands for none.</summary>
static class DaprName
{
    /// <summary>Of actor types, actor ids, timers and reminders.</summary>
    public static string? Fault(string name) =>
        name is "." or ".." ? $"name is a path traversal sequence: {Quote(name)}" : Fault(name, "name", "#?\0/\\");

    /// <summary>Of the path at the app.</summary>
    public static string? MethodFault(string method) => Fault(method, "method", "#?\0");

    static string? Fault(string name, string what, ReadOnlySpan<char> forbidden)
    {
        if (name.AsSpan().IndexOfAny(forbidden) >= 0) return $"{what} contains forbidden character: {Quote(name)}";
        for (var i = 0; i < name.Length; i++)
            if (name[i] is < ' ' or '\x7f') return $"{what} contains control character at position {i}: {Quote(name)}";
        return null;
    }

    // Go's %q: what can be seen stays, the rest is escaped.
    static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => @"\\",
                '\n' => @"\n",
                '\r' => @"\r",
                '\t' => @"\t",
                < ' ' or '\x7f' => string.Create(CultureInfo.InvariantCulture, $@"\x{(int)c:x2}"),
                _ => c.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }
}
