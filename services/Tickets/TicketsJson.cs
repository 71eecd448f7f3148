using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ticketing.Tickets;

/// <summary>What lies in the store and what travels through the API.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(Document<Ticket>))]
[JsonSerializable(typeof(TicketRequest))]
[JsonSerializable(typeof(TicketPage))]
[JsonSerializable(typeof(CurrencyList))]
[JsonSerializable(typeof(TicketIdPage))]
[JsonSerializable(typeof(PersonalListing))]
[JsonSerializable(typeof(LiveEvent))]
[JsonSerializable(typeof(LiveHello))]
public sealed partial class TicketsJson : JsonSerializerContext;
