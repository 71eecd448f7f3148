namespace Ticketing.Tickets;

/// <summary>
/// A sorted set that is read while it changes. It lies in pieces of bounded size: a key takes its own few bytes, a
/// change moves one piece's worth of them and leaves nothing to collect; a tree of a million nodes would make every
/// collection a pause that buyers notice.
/// </summary>
sealed class SortedIndex
{
    const int PieceMax = 512;
    /// <summary>Keys copied out under one lock: a long walk lets writers in between.</summary>
    const int CopiedAtOnce = 64;

    readonly Lock gate = new();
    readonly List<List<IndexKey>> pieces = [new(PieceMax)];
    /// <summary>Nothing in a piece lies before its bound; side by side they are searched without touching one.</summary>
    readonly List<IndexKey> bounds = [IndexKey.First];

    public int Count { get; private set; }

    public void Move(IndexKey? from, IndexKey? to)
    {
        if (from == to)
            return;
        lock (gate)
        {
            if (from is { } old)
                Remove(old);
            if (to is { } key)
                Add(key);
        }
    }

    /// <summary>How many lie before this key, whether it is in the set or not.</summary>
    public int CountBefore(IndexKey key)
    {
        lock (gate)
        {
            var (piece, index) = Find(key);
            var count = index < 0 ? ~index : index;
            for (var i = 0; i < piece; i++)
                count += pieces[i].Count;
            return count;
        }
    }

    /// <summary>What lies after one key and before another; what changes meanwhile may be in it or not.</summary>
    public IEnumerable<IndexKey> Between(IndexKey start, IndexKey end)
    {
        var copied = new List<IndexKey>(CopiedAtOnce);
        do
        {
            copied.Clear();
            CopyAfter(start, copied);
            foreach (var key in copied)
            {
                if (key >= end)
                    yield break;
                yield return start = key;
            }
        }
        while (copied.Count == CopiedAtOnce);
    }

    /// <summary>The same group as it is in memory already: a million words are a few thousand different ones.</summary>
    public string Shared(string group)
    {
        lock (gate)
        {
            var (piece, index) = Find(IndexKey.Before(group));
            // After the last of its piece it is before the first of the next.
            var (number, at) = ~index < pieces[piece].Count ? (piece, ~index) : (piece + 1, 0);
            var next = number < pieces.Count && at < pieces[number].Count ? pieces[number][at].Group : null;
            return next == group ? next : group;
        }
    }

    void CopyAfter(IndexKey start, List<IndexKey> copied)
    {
        lock (gate)
        {
            var (piece, index) = Find(start);
            index = index < 0 ? ~index : index + 1;
            for (; piece < pieces.Count && copied.Count < CopiedAtOnce; piece++, index = 0)
            {
                var take = Math.Min(pieces[piece].Count - index, CopiedAtOnce - copied.Count);
                copied.AddRange(pieces[piece].Slice(index, take));
            }
        }
    }

    void Add(IndexKey key)
    {
        var (number, index) = Find(key);
        if (index >= 0)
            return;
        var piece = pieces[number];
        piece.Insert(~index, key);
        Count++;
        if (piece.Count < PieceMax)
            return;
        var upper = new List<IndexKey>(PieceMax);
        upper.AddRange(piece[(PieceMax / 2)..]);
        piece.RemoveRange(PieceMax / 2, piece.Count - PieceMax / 2);
        pieces.Insert(number + 1, upper);
        bounds.Insert(number + 1, upper[0]);
    }

    void Remove(IndexKey key)
    {
        var (number, index) = Find(key);
        if (index < 0)
            return;
        pieces[number].RemoveAt(index);
        Count--;
        // The first one stays: what lies before every bound goes there.
        if (pieces[number].Count > 0 || number == 0)
            return;
        pieces.RemoveAt(number);
        bounds.RemoveAt(number);
    }

    // The piece where it is or would be, and where in that: negative as List.BinarySearch has it.
    (int Piece, int Index) Find(IndexKey key)
    {
        var bound = bounds.BinarySearch(key);
        var number = Math.Max(0, bound < 0 ? ~bound - 1 : bound);
        return (number, pieces[number].BinarySearch(key));
    }
}
