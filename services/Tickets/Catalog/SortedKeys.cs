namespace Ticketing.Tickets;

/// <summary>
/// A sorted set that is read while it changes: sorted lists ("pieces") of bounded size. A change copies at most one
/// piece and leaves no garbage; a tree of a million nodes would make every garbage collection a noticeable pause.
/// </summary>
sealed class SortedKeys
{
    const int PieceMax = 512;
    /// <summary>Keys copied out under one lock: during a long walk, writers get the lock in between.</summary>
    const int CopiedAtOnce = 64;

    readonly Lock gate = new();
    readonly List<List<SortKey>> pieces = [new(PieceMax)];
    /// <summary>A lower bound of each piece, in one list: the binary search for a piece reads none of them.</summary>
    readonly List<SortKey> bounds = [SortKey.First];

    public int Count { get; private set; }

    public void Move(SortKey? from, SortKey? to)
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

    /// <summary>How many keys are less than this one, which need not be in the set.</summary>
    public int CountBefore(SortKey key)
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

    /// <summary>
    /// Keys greater than start and less than end; one that is added or removed meanwhile may be in it or not.
    /// </summary>
    public IEnumerable<SortKey> Between(SortKey start, SortKey end)
    {
        var copied = new List<SortKey>(CopiedAtOnce);
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

    /// <summary>
    /// The equal string already in memory, if any: a million words are only a few thousand different ones.
    /// </summary>
    public string Shared(string group)
    {
        lock (gate)
        {
            var (piece, index) = Find(SortKey.Before(group));
            // Past the end of its piece: the next key is the first of the following piece.
            var (number, at) = ~index < pieces[piece].Count ? (piece, ~index) : (piece + 1, 0);
            var next = number < pieces.Count && at < pieces[number].Count ? pieces[number][at].Group : null;
            return next == group ? next : group;
        }
    }

    void CopyAfter(SortKey start, List<SortKey> copied)
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

    void Add(SortKey key)
    {
        var (number, index) = Find(key);
        if (index >= 0)
            return;
        var piece = pieces[number];
        piece.Insert(~index, key);
        Count++;
        if (piece.Count < PieceMax)
            return;
        var upper = new List<SortKey>(PieceMax);
        upper.AddRange(piece[(PieceMax / 2)..]);
        piece.RemoveRange(PieceMax / 2, piece.Count - PieceMax / 2);
        pieces.Insert(number + 1, upper);
        bounds.Insert(number + 1, upper[0]);
    }

    void Remove(SortKey key)
    {
        var (number, index) = Find(key);
        if (index < 0)
            return;
        pieces[number].RemoveAt(index);
        Count--;
        // The first piece stays even when empty: keys less than every bound are added to it.
        if (pieces[number].Count > 0 || number == 0)
            return;
        pieces.RemoveAt(number);
        bounds.RemoveAt(number);
    }

    // The piece that holds the key or would, and its index there (negative if absent, as of List.BinarySearch).
    (int Piece, int Index) Find(SortKey key)
    {
        var bound = bounds.BinarySearch(key);
        var number = Math.Max(0, bound < 0 ? ~bound - 1 : bound);
        return (number, pieces[number].BinarySearch(key));
    }
}
