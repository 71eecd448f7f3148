using System.Diagnostics.CodeAnalysis;

namespace Ticketing.Orders;

/// <summary>
/// Remembers what was seen last, in two generations: when the young one is full the old one is forgotten. Nothing may
/// rest on its remembering.
/// </summary>
sealed class Recent<TKey, TValue>(int generationMax) where TKey : notnull
{
    readonly Lock gate = new();
    Dictionary<TKey, TValue> young = [], old = [];

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (gate)
            return young.TryGetValue(key, out value) || old.TryGetValue(key, out value);
    }

    /// <param name="replaces">True if the new value is to take the place of the one remembered.</param>
    public void Set(TKey key, TValue value, Func<TValue, bool>? replaces = null)
    {
        lock (gate)
        {
            if (replaces is not null && (young.TryGetValue(key, out var known) || old.TryGetValue(key, out known))
                && !replaces(known))
                return;
            young[key] = value;
            if (young.Count > generationMax)
                (young, old) = ([], young);
        }
    }
}
