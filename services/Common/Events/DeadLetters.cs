using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ticketing.Contracts;

namespace Ticketing.Common;

/// <summary>A message that its handler refused twice.</summary>
/// <param name="Id">The CloudEvent's id; the same message is kept once.</param>
/// <param name="Body">The CloudEvent as it came.</param>
/// <param name="Fault">What the handler said the last time.</param>
public sealed record DeadLetter(
    string Id, string Pubsub, string Topic, string Body, string Fault, DateTimeOffset KeptAt, int Tries)
{
    const int DigestBytes = 10;

    /// <summary>
    /// Whatever it is, it is kept; what has no id of its own, or one that does not look like one, is known by its bytes.
    /// </summary>
    internal static DeadLetter Read(string body, DateTimeOffset now)
    {
        var json = Parse(body);
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)).AsSpan(0, DigestBytes));
        return new(Text(json, "id") is { } id && LetterMask.IsPlain(id) ? id : digest,
            Text(json, "pubsubname") ?? DaprSidecar.PubSub, Text(json, "topic") ?? "", body, "", now, 0);
    }

    /// <summary>The event's type and subject, for people.</summary>
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
            return default;   // not even JSON: no handler will be found for it, and a person can look at it
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
            // Half a surrogate pair, in a name or in a value, is valid JSON and no text: as if the member were not there.
            return null;
        }
    }
}

/// <summary>All that an app could not handle, in one document: bounded, the oldest give way.</summary>
public sealed record DeadLetters(long Version, ImmutableArray<DeadLetter> Letters) : IAggregate<DeadLetters>
{
    public const int CountMax = 100, CharactersMax = 256 * 1024;

    /// <summary>There is one box per app.</summary>
    public const string Box = "box";

    public static string Kind => "dead-letters";
    public static DeadLetters Absent(string id) => new(0, []);

    // Nobody is told of it and nobody waits for it.
    public bool IsSettled(DateTimeOffset now) => true;
    public IEnumerable<Event> Repeat() => [];

    public Decision<DeadLetters> Keep(DeadLetter letter)
    {
        var known = Letters.FirstOrDefault(kept => kept.Id == letter.Id);
        var letters = Letters.RemoveAll(kept => kept.Id == letter.Id)
            .Add(letter with { KeptAt = known?.KeptAt ?? letter.KeptAt, Tries = (known?.Tries ?? 0) + 1 });
        while (letters.Length > CountMax || letters.Length > 1 && letters.Sum(kept => kept.Body.Length) > CharactersMax)
            letters = letters.RemoveAt(0);
        return Decision.Changed(new DeadLetters(Version + 1, letters));
    }

    public Decision<DeadLetters> Remove(string id) => Letters.Any(letter => letter.Id == id)
        ? Decision.Changed(new DeadLetters(Version + 1, Letters.RemoveAll(letter => letter.Id == id)))
        : this;
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Document<DeadLetters>))]
sealed partial class DeadLettersJson : JsonSerializerContext;
