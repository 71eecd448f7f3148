using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ticketing.Common;

/// <summary>A dead letter as operators see it: the envelope, and the members of the message.</summary>
/// <param name="Fault">Why the handler failed the last time, masked.</param>
public sealed record LetterView(
    string Id, string Pubsub, string Topic, string Type, string Subject, DateTimeOffset KeptAt, int Tries, string Fault,
    IReadOnlyList<LetterMember> Members)
{
    internal static LetterView Of(DeadLetter letter)
    {
        var (type, subject) = DeadLetter.About(letter.Body);
        return new(letter.Id, LetterMask.Envelope(letter.Pubsub), LetterMask.Envelope(letter.Topic), type, subject,
            letter.KeptAt, letter.Tries, LetterMask.Fault(letter.Fault, letter.Body), LetterMask.Members(letter.Body));
    }
}

/// <param name="Name">Its path in the message.</param>
/// <param name="Value">An id or a state unmasked; of anything else its kind and length.</param>
public sealed record LetterMember(string Name, string Value);

/// <summary>What a service answers to <c>GET /internal/dead-letters</c>.</summary>
public sealed record LetterList(IReadOnlyList<LetterView> Letters);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(LetterList))]
public sealed partial class LetterListJson : JsonSerializerContext;
