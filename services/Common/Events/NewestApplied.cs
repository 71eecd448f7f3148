namespace Ticketing.Common;

/// <summary>
/// Remembers of each subject the newest message that this process has applied. A message that is not newer can change
/// nothing here: it is acknowledged without loading anything, unless its sender waits for an answer. What is forgotten
/// is loaded once more.
/// </summary>
/// <typeparam name="TSubject">Such as a ticket's id.</typeparam>
/// <typeparam name="TMark">Grows with every message that may change something, such as a version.</typeparam>
/// <param name="rememberedMax">So many subjects at least, and at most twice as many.</param>
public sealed class NewestApplied<TSubject, TMark>(int rememberedMax = NewestApplied<TSubject, TMark>.RememberedMax)
    where TSubject : notnull where TMark : IComparable<TMark>
{
    public const int RememberedMax = 20_000;

    readonly BoundedCache<TSubject, TMark> newest = new(rememberedMax);

    public bool Knows(TSubject subject) => newest.Contains(subject);

    /// <summary>This message, or a newer one, was applied.</summary>
    public bool Has(TSubject subject, TMark mark) =>
        newest.TryGet(subject, out var known) && known.CompareTo(mark) >= 0;

    /// <summary>To be called once all that the message changes is saved: it is not looked at again.</summary>
    public void Note(TSubject subject, TMark mark) =>
        newest.Set(subject, mark, replaces: known => known.CompareTo(mark) < 0);
}
