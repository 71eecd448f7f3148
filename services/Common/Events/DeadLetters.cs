using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ticketing.Contracts;

namespace Ticketing.Common;

/// <summary>A message that its handler refused twice.</summary>
/// <param name="Id">The CloudEvent's id; the same message is kept once.</param>
/// <param name="Body">The CloudEvent as it came.</param>
/// <param name="Fault">What the handler said the last time.</param>
public sealed record DeadLetter(
    string Id, string Pubsub, string Topic, string Body, string Fault, DateTimeOffset KeptAt, int Tries);

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
    public IEnumerable<Event> SayAgain() => [];

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

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Document<DeadLetters>))]
[JsonSerializable(typeof(DeadLetters))]
sealed partial class DeadLettersJson : JsonSerializerContext;
