using Ticketing.Sidecar.Components;
using Ticketing.Sidecar.State;

namespace Ticketing.Sidecar.Outbox;

/// <summary>
/// Upserts that are not written: each is what the event shows in place of the value of the real upsert of its key.
/// </summary>
static class Projections
{
    const string Mark = "outbox.projection";

    /// <summary>Takes them out of a transaction.</summary>
    /// <returns>
    /// What is left to write; null where daprd falls over its own loop, which takes operations out of the list that it
    /// walks: with two projections, unless each stands right before its own upsert.
    /// </returns>
    public static IReadOnlyList<StateOperation>? TakeFrom(
        IReadOnlyList<StateOperation> operations, out IReadOnlyDictionary<string, StateSet> projections)
    {
        var (list, count) = (operations.ToArray(), operations.Count);
        var found = new Dictionary<string, StateSet>(StringComparer.Ordinal);
        projections = found;
        for (var i = 0; i < list.Length; i++)
        {
            if (list[i] is not StateSet set || !IsProjection(set)) continue;
            if (i >= count) return null;
            found[set.Key] = set;
            list.AsSpan(i + 1, count - i - 1).CopyTo(list.AsSpan(i));
            count--;
        }

        return list[..count];
    }

    static bool IsProjection(StateSet set) =>
        set.Metadata.TryGetValue(Mark, out var mark) && ComponentProperties.IsTruthy(mark);
}
