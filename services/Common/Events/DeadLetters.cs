using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ticketing.Contracts;

namespace Ticketing.Common;

/// <summary>A message that failed again after it came to the dead letters.</summary>
/// <param name="Id">The CloudEvent's id; a message with the same id is stored once.</param>
/// <param name="Body">The CloudEvent as received.</param>
/// <param name="Fault">Why the handler failed the last time.</param>
public sealed record DeadLetter(
    string Id, string Pubsub, string Topic, string Body, string Fault, DateTimeOffset KeptAt, int Tries)
    : Extensible
{
    const int DigestBytes = 10;

    /// <summary>
    /// Any body is stored; without a well-formed id of its own, the hash of its bytes is the id.
    /// </summary>
    internal static DeadLetter Read(string body, DateTimeOffset now)
    {
        var json = Parse(body);
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)).AsSpan(0, DigestBytes));
        return new(Text(json, "id") is { } id && LetterMask.IsPlain(id) ? id : digest,
            Text(json, "pubsubname") ?? DaprSidecar.PubSub, Text(json, "topic") ?? "", body, "", now, 0);
    }

    /// <summary>The event's type and subject, to be shown.</summary>
    internal static (string Type, string Subject) About(string body)
    {
        var json = Parse(body);
        return (LetterMask.Envelope(Text(json, "type")), LetterMask.Envelope(Text(json, "subject")));
    }

    static JsonElement Parse(string body)
    {
        try
        {
            return JsonElement.Parse(body);
        }
        catch (JsonException)
        {
            return default;   // not JSON: no handler will be found, and an operator can look at it
        }
    }

    static string? Text(JsonElement json, string member)
    {
        try
        {
            return json.ValueKind == JsonValueKind.Object && json.TryGetProperty(member, out var value)
                && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, in a name or a value, is valid JSON but not valid text: treated as absent.
            return null;
        }
    }
}

/// <summary>All messages an app could not handle, in one document: bounded, the oldest are dropped.</summary>
public sealed record DeadLetters(long Version, ImmutableArray<DeadLetter> Letters)
    : Extensible, IAggregate<DeadLetters>
{
    public const int CountMax = 100, CharactersMax = 256 * 1024;

    /// <summary>The id of the one document per app.</summary>
    public const string DocumentId = "box";

    public static string Kind => "dead-letters";
    public static DeadLetters Absent(string id) => new(0, []);

    // No other service has to confirm it.
    public bool IsSettled(DateTimeOffset now) => true;
    public IEnumerable<Event> Repeat() => [];

    public Decision<DeadLetters> Keep(DeadLetter letter)
    {
        var known = Letters.FirstOrDefault(kept => kept.Id == letter.Id);
        var letters = Letters.RemoveAll(kept => kept.Id == letter.Id)
            .Add(letter with
            {
                KeptAt = known?.KeptAt ?? letter.KeptAt,
                Tries = (known?.Tries ?? 0) + 1,
                Unknown = known?.Unknown,
            });
        while (letters.Length > CountMax || letters.Length > 1 && letters.Sum(kept => kept.Body.Length) > CharactersMax)
            letters = letters.RemoveAt(0);
        return Decision.Changed(this with { Version = Version + 1, Letters = letters });
    }

    public Decision<DeadLetters> Remove(string id) => Letters.Any(letter => letter.Id == id)
        ? Decision.Changed(this with { Version = Version + 1, Letters = Letters.RemoveAll(letter => letter.Id == id) })
        : this;
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Document<DeadLetters>))]
sealed partial class DeadLettersJson : JsonSerializerContext;
