namespace Ticketing.Aggregates;

/// <summary>
/// A named "no": the rule was asked and said so. It is a value, not an exception; its <see cref="Code"/> is stable and
/// is the last segment of the problem's <c>type</c>.
/// </summary>
/// <param name="Status">The HTTP status it answers with.</param>
public sealed record Refusal(int Status, string Code, string Title)
{
    /// <summary>Members of its own in the problem body, such as <c>heldUntil</c>; by JSON name.</summary>
    public IReadOnlyDictionary<string, object?> Members { get; init; } = new Dictionary<string, object?>();

    public Refusal With(string member, object? value) =>
        this with { Members = new Dictionary<string, object?>(Members) { [member] = value } };
}
