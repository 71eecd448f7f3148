using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ticketing.Common;

/// <summary>
/// A page of what one service holds of a person, as it is handed out to that person; asked for by auth
/// (docs/decisions/0010).
/// </summary>
/// <param name="Items">Each with an <c>id</c>; the rest is the service's own.</param>
/// <param name="Live">How many of them must end before the person can be erased.</param>
/// <param name="Next">To be passed as <c>after</c>; null on the last page.</param>
public sealed record PersonalData(IReadOnlyList<JsonElement> Items, int Live, string? Next);

/// <summary>What was done to one page of a person's data; done again it does nothing.</summary>
/// <param name="Changed">How many things were changed.</param>
/// <param name="Next">To be passed as <c>after</c>; null on the last page.</param>
public sealed record PersonalDataErased(int Changed, string? Next);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PersonalData))]
[JsonSerializable(typeof(PersonalDataErased))]
public sealed partial class PersonalDataJson : JsonSerializerContext;

/// <summary>What the routes for auth under <c>/internal/users</c> have in common.</summary>
public static class PersonalDataRoutes
{
    public const int PageSize = 50;

    /// <summary>Only auth asks, who knows that the person wants it; a call without a caller is an operator's.</summary>
    public static bool IsForAuth(string? caller) => caller is null or "auth";

    public static readonly Refusal NotFound = new(404, "not-found", "There is nothing here.");
}
