using System.Text.Json.Serialization;
using Ticketing.Sidecar.Actors;
using Ticketing.Sidecar.PubSub;

namespace Ticketing.Sidecar.Json;

// As in daprd, member names are case-insensitive and unknown members are ignored.
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
[JsonSerializable(typeof(MetadataAnswer))]
[JsonSerializable(typeof(HostedActors))]
[JsonSerializable(typeof(Reminder))]
[JsonSerializable(typeof(ScheduleRequest))]
[JsonSerializable(typeof(EventStatus))]
[JsonSerializable(typeof(IReadOnlyList<SubscriptionDiscovery.Item>))]
[JsonSerializable(typeof(List<StateItemBody>))]
[JsonSerializable(typeof(BulkGetBody))]
[JsonSerializable(typeof(TransactionBody))]
sealed partial class SidecarJson : JsonSerializerContext;
