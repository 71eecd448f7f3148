using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ticketing.Common;

/// <summary>
/// A page of the data one service has about a user, for that user's export; requested by auth (docs/decisions/0010).
/// </summary>
/// <param name="Items">Each with an <c>id</c>; the other members are the service's own.</param>
/// <param name="Live">How many of them must end before the user can be erased.</param>
/// <param name="Next">The <c>after</c> of the next page; null on the last one.</param>
public sealed record PersonalData(IReadOnlyList<JsonElement> Items, int Live, string? Next);

/// <summary>The result of erasing one page of a user's data; repeating it changes nothing.</summary>
/// <param name="Changed">How many items were changed.</param>
/// <param name="Next">The <c>after</c> of the next page; null on the last one.</param>
public sealed record PersonalDataErased(int Changed, string? Next);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PersonalData))]
[JsonSerializable(typeof(PersonalDataErased))]
public sealed partial class PersonalDataJson : JsonSerializerContext;

/// <summary>Shared by the services' routes for auth under <c>/internal/users</c>.</summary>
public static class PersonalDataRoutes
{
    public const int PageSize = 50;

    /// <summary>
    /// Only auth may call, which has checked the user's wish; a call without a caller is an operator's.
    /// </summary>
    public static bool IsForAuth(string? caller) => caller is null or "auth";

    public static readonly Refusal NotFound = new(404, "not-found", "There is nothing here.");
}
