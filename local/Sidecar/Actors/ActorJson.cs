using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ticketing.Sidecar.Actors;

// Go reads member names in any case and leaves unknown ones aside.
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(AppAnswer))]
[JsonSerializable(typeof(Reminder))]
sealed partial class ActorJson : JsonSerializerContext;
