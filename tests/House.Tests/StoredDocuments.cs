using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Ticketing.Aggregates;
using Ticketing.Contracts;
using Ticketing.Orders;
using Ticketing.Tickets;

namespace Ticketing.House.Tests;

/// <summary>One kind of document in the store, and how it is written.</summary>
public sealed record StoredDocument(string Kind, Type Type)
{
    static readonly Assembly[] assemblies =
    [
        typeof(Document<>).Assembly, typeof(Common.DeadLetters).Assembly, typeof(Auth.Account).Assembly,
        typeof(Ticket).Assembly, typeof(Book).Assembly, typeof(Payments.Payment).Assembly,
        typeof(Expiration.ExpirationActor).Assembly,
    ];

    /// <summary>Every aggregate that there is, and what is stored besides.</summary>
    public static IReadOnlyList<StoredDocument> All { get; } =
    [
        .. from assembly in assemblies
           from type in assembly.GetTypes()
           where IsAggregate(type)
           select new StoredDocument((string)type.GetProperty("Kind")!.GetValue(null)!, typeof(Document<>).MakeGenericType(type)),
        new("order", typeof(Order)),
        new("purchases", typeof(PurchaseList)),
        new("purchases-page", typeof(PurchasePage)),
        new("catalog", typeof(TicketIdPage)),
        new("journal-slot", typeof(Document<>).Assembly.GetType("Ticketing.Aggregates.SlotDocument", true)!),
        new("journal-instances", typeof(InstanceList)),
        new("journal-shard", typeof(JournalShard)),
        new("reminder", typeof(ExpirationElapsed)),
    ];

    public JsonTypeInfo Json { get; } = Contexts().Select(context => context.GetTypeInfo(Type)).First(info => info is not null)!;

    static bool IsAggregate(Type type) => !type.IsAbstract && type.GetInterfaces().Any(face =>
        face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IAggregate<>));

    static IEnumerable<JsonSerializerContext> Contexts() =>
        from assembly in assemblies.Append(typeof(ContractsJson).Assembly)
        from type in assembly.GetTypes()
        where type.IsSubclassOf(typeof(JsonSerializerContext))
        select (JsonSerializerContext)type.GetProperty("Default")!.GetValue(null)!;
}
