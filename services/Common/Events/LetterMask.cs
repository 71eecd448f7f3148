using System.Text.Json;
using System.Text.RegularExpressions;

namespace Ticketing.Common;

/// <summary>
/// Masks the values of a message for operators: ids, versions and states are shown, of every other value only its kind
/// and length. So e-mail addresses, tokens, titles and reasons stay in the store.
/// </summary>
public static partial class LetterMask
{
    public const int MembersMax = 60, FaultLengthMax = 300;
    const int DepthMax = 64, FaultReadMax = 4_000, ValueLengthMin = 3;
    const string Masked = "…", OddName = "a name that is not shown";

    /// <summary>Part of the envelope (id, topic, type); only its length if it does not look like one.</summary>
    public static string Envelope(string? text) =>
        text is null or "" ? ""
        : Plain().IsMatch(text) || EventType().IsMatch(text) ? text
        : $"({text.Length} characters)";

    public static bool IsPlain(string text) => Plain().IsMatch(text);

    /// <summary>The message's members by path, with masked values.</summary>
    public static IReadOnlyList<LetterMember> Members(string body)
    {
        try
        {
            return [.. Leaves(JsonElement.Parse(body)).Select(leaf => leaf.Shown)
                .Where(shown => shown.Value != OddName).Take(MembersMax)];
        }
        catch (Exception e) when (IsNoText(e))
        {
            return [new("", $"not JSON, {body.Length} characters")];
        }
    }

    /// <summary>
    /// The error text of a handler, without what it may have quoted: values of the message that are masked, anything in
    /// quotes, and whatever looks like an e-mail address, a token or a key.
    /// </summary>
    public static string Fault(string fault, string body)
    {
        if (fault.Length > FaultReadMax)
            fault = fault[..FaultReadMax];
        foreach (var text in Hidden(body).Distinct().OrderByDescending(text => text.Length))
            fault = fault.Replace(text, Masked, StringComparison.OrdinalIgnoreCase);
        fault = Sensitive().Replace(fault, Masked);
        return fault.Length > FaultLengthMax ? fault[..FaultLengthMax] + Masked : fault;
    }

    static List<string> Hidden(string body)
    {
        try
        {
            return [.. Leaves(JsonElement.Parse(body))
                .Where(leaf => leaf.Text.Length >= ValueLengthMin && leaf.Text != leaf.Shown.Value)
                .Select(leaf => leaf.Text)];
        }
        catch (Exception e) when (IsNoText(e))
        {
            return body.Length >= ValueLengthMin ? [body] : [];
        }
    }

    // Half a surrogate pair is valid JSON; only reading it as text fails.
    static bool IsNoText(Exception e) => e is JsonException or InvalidOperationException;

    readonly record struct Leaf(LetterMember Shown, string Text);

    static IEnumerable<Leaf> Leaves(JsonElement json, string path = "", string name = "", int depth = 0)
    {
        if (depth > DepthMax)
            return [];
        return json.ValueKind switch
        {
            JsonValueKind.Object => json.EnumerateObject().SelectMany(member =>
                Leaves(member.Value, path + "." + Name(member.Name), member.Name, depth + 1)
                    // A member's name may be personal data as well.
                    .Concat(Name(member.Name) == member.Name ? [] : [new Leaf(new(path, OddName), member.Name)])),
            JsonValueKind.Array => json.EnumerateArray().SelectMany(item => Leaves(item, path + "[]", name, depth + 1)),
            _ => [Of(json, path.TrimStart('.'), name)],
        };
    }

    static Leaf Of(JsonElement json, string path, string name)
    {
        var text = json.ValueKind is JsonValueKind.String ? json.GetString()! : json.GetRawText();
        var shown = json.ValueKind switch
        {
            JsonValueKind.String when IdName().IsMatch(name) && Plain().IsMatch(text) => text,
            JsonValueKind.String when StateName().IsMatch(name) && Word().IsMatch(text) => text,
            JsonValueKind.String => $"text of {text.Length}",
            JsonValueKind.Number when CountName().IsMatch(name) => text,
            JsonValueKind.Number => "a number",
            _ => text,
        };
        return new(new(path, shown), text);
    }

    static string Name(string name) => MemberName().IsMatch(name) ? name : Masked;

    [GeneratedRegex("^[a-z0-9][a-z0-9:.-]{0,119}\\z")]
    private static partial Regex Plain();

    [GeneratedRegex("^[a-z]{1,40}\\.[a-zA-Z]{1,40}\\z")]
    private static partial Regex EventType();

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_]{0,39}\\z")]
    private static partial Regex MemberName();

    [GeneratedRegex("^(id|subject|topic|pubsubname|buyer|seller|[a-z][A-Za-z]*Id)\\z")]
    private static partial Regex IdName();

    [GeneratedRegex("^(status|state|currency|type|specversion)\\z")]
    private static partial Regex StateName();

    [GeneratedRegex("^[A-Za-z0-9.]{1,40}\\z")]
    private static partial Regex Word();

    [GeneratedRegex("^(seq|[a-zA-Z]*[vV]ersion)\\z")]
    private static partial Regex CountName();

    // In this order: quotes, e-mails, tokens (JWT), keys and secrets (a_b), anything long, long numbers.
    [GeneratedRegex("""("[^"]*"|'[^']*'|`[^`]*`|“[^”]*”|\S*@\S*|eyJ[\w.+/=-]*|\b[A-Za-z0-9]+_\w+|\S{48,}|(?<![\w-])\d{5,}(?!\w))""")]
    private static partial Regex Sensitive();
}
