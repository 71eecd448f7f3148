using System.Text.Json;
using System.Text.Json.Serialization;
using Ticketing.Contracts;

namespace Ticketing.Aggregates;

/// <summary>
/// One document of the journal: it names an aggregate that may have unpublished events or is not settled.
/// </summary>
/// <remarks>
/// Only the process that made it writes it, without an ETag; whoever takes it over empties it with the ETag it read. It is
/// never saved as "first write": Redis would then refuse every later write without an ETag.
/// </remarks>
/// <param name="Key">E.g. <c>journal:4f…:17</c>.</param>
public sealed record JournalSlot(int Number, string Key)
{
    public static readonly ReadOnlyMemory<byte> Empty = Bytes("");

    public static string KeyOf(string instance, int number) => $"journal:{instance}:{number}";

    public static ReadOnlyMemory<byte> Bytes(string aggregateKey) =>
        JsonSerializer.SerializeToUtf8Bytes(new SlotDocument(aggregateKey), JournalJson.Default.SlotDocument);

    /// <summary>The key of the aggregate; "" if the slot is empty.</summary>
    /// <exception cref="JsonException">It cannot be parsed.</exception>
    public static string Parse(Stored stored) =>
        JsonSerializer.Deserialize(stored.Value.Span, JournalJson.Default.SlotDocument)?.Key
            ?? throw new JsonException("The slot names no key.");
}

/// <param name="Key">The aggregate's key, e.g. <c>ticket:abc</c>; "" if there is none.</param>
sealed record SlotDocument(string Key) : Extensible;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(SlotDocument))]
[JsonSerializable(typeof(InstanceList))]
[JsonSerializable(typeof(JournalShard))]
sealed partial class JournalJson : JsonSerializerContext;
