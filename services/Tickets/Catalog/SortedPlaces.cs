namespace Ticketing.Tickets;

/// <summary>
/// A sorted set that is read while it changes. It lies in pieces of bounded size: a place takes its own few bytes, a
/// change moves one piece's worth of them and leaves nothing to collect; a tree of a million nodes would make every
/// collection a pause that buyers notice.
/// </summary>
sealed class SortedPlaces
{
    const int PieceMax = 512;
    /// <summary>Places copied out under one lock: a long walk lets writers in between.</summary>
    const int CopiedAtOnce = 64;

    readonly Lock gate = new();
    readonly List<List<Place>> pieces = [new(PieceMax)];
    /// <summary>Nothing in a piece lies before its bound; side by side they are searched without touching one.</summary>
    readonly List<Place> bounds = [Place.First];

    public int Count { get; private set; }

    public void Move(Place? from, Place? to)
    {
        if (from == to)
            return;
        lock (gate)
        {
            if (from is { } old)
                Remove(old);
            if (to is { } place)
                Add(place);
        }
    }

    /// <summary>How many lie before this place, whether it is in the set or not.</summary>
    public int CountBefore(Place place)
    {
        lock (gate)
        {
            var (piece, index) = Find(place);
            var count = index < 0 ? ~index : index;
            for (var i = 0; i < piece; i++)
                count += pieces[i].Count;
            return count;
        }
    }

    /// <summary>What lies after one place and before another; what changes meanwhile may be in it or not.</summary>
    public IEnumerable<Place> Between(Place start, Place end)
    {
        var copied = new List<Place>(CopiedAtOnce);
        do
        {
            copied.Clear();
            CopyAfter(start, copied);
            foreach (var place in copied)
            {
                if (place >= end)
                    yield break;
                yield return start = place;
            }
        }
        while (copied.Count == CopiedAtOnce);
    }

    /// <summary>The same group as it is in memory already: a million words are a few thousand different ones.</summary>
    public string Shared(string group)
    {
        lock (gate)
        {
            var (piece, index) = Find(Place.Before(group));
            // After the last of its piece it is before the first of the next.
            var (number, at) = ~index < pieces[piece].Count ? (piece, ~index) : (piece + 1, 0);
            var next = number < pieces.Count && at < pieces[number].Count ? pieces[number][at].Group : null;
            return next == group ? next : group;
        }
    }

    void CopyAfter(Place start, List<Place> copied)
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

    void Add(Place place)
    {
        var (number, index) = Find(place);
        if (index >= 0)
            return;
        var piece = pieces[number];
        piece.Insert(~index, place);
        Count++;
        if (piece.Count < PieceMax)
            return;
        var upper = new List<Place>(PieceMax);
        upper.AddRange(piece[(PieceMax / 2)..]);
        piece.RemoveRange(PieceMax / 2, piece.Count - PieceMax / 2);
        pieces.Insert(number + 1, upper);
        bounds.Insert(number + 1, upper[0]);
    }

    void Remove(Place place)
    {
        var (number, index) = Find(place);
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
    (int Piece, int Index) Find(Place place)
    {
        var bound = bounds.BinarySearch(place);
        var number = Math.Max(0, bound < 0 ? ~bound - 1 : bound);
        return (number, pieces[number].BinarySearch(place));
    }
}
