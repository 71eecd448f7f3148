using System.Diagnostics.CodeAnalysis;

namespace Ticketing.Aggregates;

/// <summary>
/// Holds the newest entries, at least <paramref name="generationMax"/> and at most twice as many: when the younger
/// generation is full, the older one is dropped. Only for entries that may be missing at any moment.
/// </summary>
public sealed class BoundedCache<TKey, TValue>(int generationMax) where TKey : notnull
{
    readonly Lock gate = new();
    Dictionary<TKey, TValue> young = [], old = [];

    public bool Contains(TKey key) => TryGet(key, out _);

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (gate)
            return young.TryGetValue(key, out value) || old.TryGetValue(key, out value);
    }

    /// <param name="replaces">True if the new value is to replace this stored one.</param>
    public void Set(TKey key, TValue value, Func<TValue, bool>? replaces = null)
    {
        lock (gate)
        {
            if (replaces is not null && (young.TryGetValue(key, out var known) || old.TryGetValue(key, out known))
                && !replaces(known))
                return;
            young[key] = value;
            if (young.Count >= generationMax)
                (young, old) = ([], young);
        }
    }
}
