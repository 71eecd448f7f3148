using System.Text;
using System.Text.Json;

namespace Ticketing.Fuzz.Tests;

/// <summary>A JSON value that can be written invalidly: with duplicate members, and any text as a value.</summary>
sealed class Node
{
    const int MembersMax = 200;

    /// <summary>Its JSON text, if it has no members and no items.</summary>
    public string Raw { get; set; } = "null";
    public List<(string Name, Node Value)>? Members { get; private set; }
    public List<Node>? Items { get; private set; }

    public static Node Of(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => new()
        {
            Members = [.. json.EnumerateObject().Take(MembersMax).Select(m => (Escapes.Json(m.Name), Of(m.Value)))],
        },
        JsonValueKind.Array => new() { Items = [.. json.EnumerateArray().Select(Of)] },
        _ => new() { Raw = json.GetRawText() },
    };

    /// <summary>Replaces this node by exactly this text.</summary>
    public void Become(string raw) => (Raw, Members, Items) = (raw, null, null);

    /// <summary>This node and all below it, each with its name in its parent.</summary>
    public IEnumerable<(string Name, Node Node)> All(string name = "")
    {
        yield return (name, this);
        foreach (var (member, value) in Members ?? [])
        {
            foreach (var below in value.All(member.Trim('"')))
                yield return below;
        }
        foreach (var below in (Items ?? []).SelectMany(item => item.All(name)))
            yield return below;
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        Write(text);
        return text.ToString();
    }

    void Write(StringBuilder text)
    {
        if (Members is not null)
            WriteAll(text, '{', '}', Members, member =>
            {
                text.Append(member.Name).Append(':');
                member.Value.Write(text);
            });
        else if (Items is not null)
            WriteAll(text, '[', ']', Items, item => item.Write(text));
        else
            text.Append(Raw);
    }

    static void WriteAll<T>(StringBuilder text, char open, char close, List<T> parts, Action<T> write)
    {
        text.Append(open);
        for (var i = 0; i < parts.Count; i++)
        {
            if (i > 0)
                text.Append(',');
            write(parts[i]);
        }
        text.Append(close);
    }
}
