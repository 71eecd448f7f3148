namespace Ticketing.Aggregates;

/// <summary>
/// A named refusal of a rule: a value, not an exception. Its <see cref="Code"/> is stable and the last segment of the
/// problem's <c>type</c>.
/// </summary>
/// <param name="Status">The HTTP status of the response.</param>
public sealed record Refusal(int Status, string Code, string Title)
{
    /// <summary>Additional members of the problem body, such as <c>heldUntil</c>; by JSON name.</summary>
    public IReadOnlyDictionary<string, object?> Members { get; init; } = new Dictionary<string, object?>();

    public Refusal With(string member, object? value) =>
        this with { Members = new Dictionary<string, object?>(Members) { [member] = value } };
}
