using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ticketing.Testing;

/// <summary>A route to be attacked, as a valid request of a signed-in user.</summary>
/// <param name="Body">A good JSON object, if the route reads one: every member of it is attacked.</param>
public sealed record HostileRoute(string Method, string Path, string? Body = null)
{
    /// <summary>The id in <see cref="Path"/>, if there is one.</summary>
    public string? Id { get; init; }
    /// <summary>Without a session it answers 401.</summary>
    public bool NeedsUser { get; init; } = true;
    /// <summary>Members that are free text of any length up to the body's limit; the others must be bounded.</summary>
    public IReadOnlyCollection<string> Unbounded { get; init; } = [];

    public bool IsSafe => Method is "GET" or "HEAD";

    public IEnumerable<KeyValuePair<string, JsonNode?>> Members => Body is null ? [] : JsonNode.Parse(Body)!.AsObject();
    public IEnumerable<string> Texts => MembersOf(JsonValueKind.String);
    public IEnumerable<string> Numbers => MembersOf(JsonValueKind.Number);

    IEnumerable<string> MembersOf(JsonValueKind kind) =>
        Members.Where(member => member.Value?.GetValueKind() == kind).Select(member => member.Key);

    /// <summary>The valid request.</summary>
    public RawRequest Good(string token)
    {
        var request = new RawRequest(Method, Path) { Body = Body is null ? null : Encoding.UTF8.GetBytes(Body) };
        if (NeedsUser)
            request = request.With($"Authorization: Bearer {token}");
        return Body is null ? request : request.With("Content-Type: application/json");
    }

    /// <summary>The good body with the value of one member replaced by this JSON text.</summary>
    public byte[] BodyWith(string member, string rawValue) => Encoding.UTF8.GetBytes("{" + string.Join(',',
        Members.Where(other => other.Key != member).Select(Written).Append($"\"{member}\":{rawValue}")) + "}");

    /// <summary>The good body with this JSON text added.</summary>
    public byte[] BodyAnd(string more) =>
        Encoding.UTF8.GetBytes("{" + string.Join(',', Members.Select(Written).Append(more)) + "}");

    static string Written(KeyValuePair<string, JsonNode?> member) =>
        $"\"{member.Key}\":{member.Value?.ToJsonString() ?? "null"}";

    public override string ToString() => $"{Method} {Path}";
}
