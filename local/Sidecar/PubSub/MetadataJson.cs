using System.Text.Json.Serialization;

namespace Ticketing.Sidecar.PubSub;

/// <summary>Message metadata beside the data, where a broker keeps it as JSON text.</summary>
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
[JsonSerializable(typeof(Dictionary<string, string>))]
sealed partial class MetadataJson : JsonSerializerContext;
