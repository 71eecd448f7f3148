using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ticketing.Contracts;

namespace Ticketing.Fuzz.Tests;

/// <summary>Valid values, chosen by the type of the parameter, or by its name if the type does not tell.</summary>
/// <param name="suite">Provides the ids that exist.</param>
/// <param name="number">The number of the suite's ticket, order and user to use.</param>
sealed class Samples(Suite suite, int number)
{
    const int DepthMax = 6;

    public Node Of(Type type, JsonSerializerOptions options) =>
        Node.Of(JsonElement.Parse(Json(type, "", options, 0)));

    /// <summary>A value of a parameter, a form's field or a member, as text.</summary>
    public string Text(string name) => suite.Text(name, number) ?? name switch
    {
        "id" or "ticketId" => suite.Ticket(number),
        "orderId" or "of" => suite.Order(number),
        "email" => $"person{number}@example.com",
        "password" or "current" or "new" or "newPassword" => "a long enough password",
        "title" or "name" or "q" => "Hamlet",
        "venue" => "Globe",
        "seat" => "A 1",
        "startsAt" or "notBefore" => "2031-05-01T20:00:00Z",
        "from" => "2031-05-01",
        "until" or "expiresAt" or "createdAt" or "listedAt" or "at" => "2031-05-01T20:00:00Z",
        "currency" or "expectedCurrency" => "usd",
        "timeZone" or "zone" => "Europe/Paris",
        "paymentMethod" => "pm_card_visa",
        "reason" => "I am ill.",
        "sort" => "newest",
        "to" => "/orders",
        "price" or "max" => "45.50",
        "limit" => "20",
        "version" or "expectedTerms" or "termsVersion" => "1",
        "amount" or "maxPrice" or "expectedPrice" => "4550",
        "offset" => "120",
        "once" or "Idempotency-Key" => $"key{number}",
        "If-Match" => "*",
        "paying" or "relist" => "true",
        "documentName" => "v1",
        "sid" => new('a', 32),
        "dapr-caller-app-id" => "orders",
        _ => "some",
    };

    string Json(Type type, string name, JsonSerializerOptions options, int depth)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(TicketId))
            return Quoted(suite.Ticket(number));
        if (type == typeof(OrderId))
            return Quoted(suite.Order(number));
        if (type == typeof(UserId))
            return Quoted(name.Contains("eller", StringComparison.Ordinal) ? suite.Seller(number) : suite.Buyer(number));
        if (type.IsEnum)
            return JsonSerializer.Serialize(Enum.GetValues(type).GetValue(number % Enum.GetValues(type).Length), type);
        if (type == typeof(bool))
            return "false";
        if (type == typeof(DateTimeOffset) || type == typeof(DateTime))
            return Quoted("2031-05-01T20:00:00Z");
        var info = options.GetTypeInfo(type);
        return info.Kind switch
        {
            JsonTypeInfoKind.Object => Object(info, options, depth + 1),
            JsonTypeInfoKind.Enumerable when depth < DepthMax => $"[{Json(info.ElementType!, name, options, depth + 1)}]",
            JsonTypeInfoKind.Enumerable => "[]",
            JsonTypeInfoKind.Dictionary => "{}",
            _ when type == typeof(string) => Quoted(Text(name)),
            _ => name switch
            {
                "price" or "amount" or "expectedPrice" => "4550",
                "seq" or "attemptsLeft" => "1",
                _ => "1",
            },
        };
    }

    // Optional values are left out, except texts with a known valid value; another mutation removes those.
    string Object(JsonTypeInfo info, JsonSerializerOptions options, int depth) => "{" + string.Join(',', info.Properties
        .Where(property => property.AssociatedParameter is not null || property.Set is not null || property.IsRequired)
        .Where(property => depth < DepthMax && (!IsAbsent(property) || Text(property.Name) != "some"))
        .Select(property => $"\"{property.Name}\":{Json(property.PropertyType, property.Name, options, depth)}")) + "}";

    static bool IsAbsent(JsonPropertyInfo property) =>
        !property.IsRequired && (Nullable.GetUnderlyingType(property.PropertyType) is not null
            || !property.PropertyType.IsValueType
                && property is { IsSetNullable: true, AssociatedParameter: null or { IsNullable: true } });

    static string Quoted(string text) => Escapes.Json(text);
}
