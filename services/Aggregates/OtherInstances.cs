namespace Ticketing.Aggregates;

/// <summary>
/// What this process knows of the others in the directory: whether their beats change, and when to look at their slots.
/// </summary>
/// <remarks>
/// All ages are measured on this process's own monotonic clock. Taking over the slot of a living process is safe; the
/// beats only avoid double work.
/// </remarks>
sealed class OtherInstances(TimeProvider clock)
{
    static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(2), LastWait = TimeSpan.FromMinutes(5);

    sealed class Other
    {
        public string Beat { get; set; } = "";
        public long BeatSince { get; set; }
        public TimeSpan Wait { get; set; }
        public long LookAt { get; set; }
    }

    static readonly TimeSpan QuietAge = TimeSpan.FromSeconds(30);

    readonly Dictionary<string, Other> others = [];
    readonly long started = clock.GetTimestamp();
    long? lastSign;

    /// <summary>For half a minute no beat has changed, no instance has appeared and nothing was taken over.</summary>
    public bool AreQuiet => clock.GetElapsedTime(lastSign ?? started) >= QuietAge;

    public bool Knows(JournalInstance instance) => others.ContainsKey(instance.Id);

    /// <summary>Forgets the instances that are no longer in the directory.</summary>
    public void Keep(IEnumerable<JournalInstance> listed)
    {
        var ids = listed.Select(instance => instance.Id).ToHashSet();
        foreach (var gone in others.Keys.Where(id => !ids.Contains(id)).ToList())
            others.Remove(gone);
    }

    /// <summary>Notes the value under the instance's beat key.</summary>
    public void Saw(JournalInstance instance, Stored? beat)
    {
        var value = beat is { } stored ? Convert.ToBase64String(stored.Value.Span) : "";
        var now = clock.GetTimestamp();
        if (!others.TryGetValue(instance.Id, out var other))
        {
            others[instance.Id] = other = new() { Beat = value, BeatSince = now };
            lastSign = now;
        }
        if (other.Beat != value)
            (lastSign, other.Beat, other.BeatSince, other.Wait, other.LookAt) = (now, value, now, default, default);
    }

    /// <summary>Its beat has not changed for <see cref="Recovery.TakeoverAge"/>, and it is time to look again.</summary>
    public bool IsDue(JournalInstance instance) => others.TryGetValue(instance.Id, out var other)
        && clock.GetElapsedTime(other.BeatSince) >= Recovery.TakeoverAge && clock.GetTimestamp() >= other.LookAt;

    /// <summary>
    /// Sets when to look again: after two seconds if something was taken over, else after twice the last wait. A
    /// transaction sent before a process died leaves no trace until it lands, so the looking goes on.
    /// </summary>
    public void Looked(JournalInstance instance, bool tookOver)
    {
        if (!others.TryGetValue(instance.Id, out var other))
            return;
        if (tookOver)
            lastSign = clock.GetTimestamp();
        other.Wait = tookOver || other.Wait < FirstWait ? FirstWait
            : TimeSpan.FromTicks(Math.Min(other.Wait.Ticks * 2, LastWait.Ticks));
        other.LookAt = clock.GetTimestamp() + (long)(other.Wait.TotalSeconds * clock.TimestampFrequency);
    }
}
