using System.Text.Json.Serialization;

namespace Ticketing.Sidecar.Actors;

/// <summary>A reminder and its progress, which Dapr's Scheduler stores as a job and its counter.</summary>
/// <param name="DueTime">As it was given; "" when it was not.</param>
/// <param name="Every">From one fire to the next; null fires once.</param>
/// <param name="Repeats">Fires in all; null for no end.</param>
/// <param name="Ttl">As it was given; "" when it was not.</param>
/// <param name="Data">JSON for the app; null when not given.</param>
/// <param name="Begin">The due time, or without one the moment of registering.</param>
/// <param name="Fires">Completed fires, failed ones included.</param>
/// <param name="Attempts">Failed attempts of the next fire.</param>
/// <param name="LastDueAt">When the last completed fire was due.</param>
sealed record Reminder(
    string ActorType, string ActorId, string Name, string DueTime, TimeSpan? Every, int? Repeats, string Ttl,
    string? Data, DateTimeOffset Begin, DateTimeOffset? ExpiresAt,
    int Fires = 0, int Attempts = 0, DateTimeOffset? LastDueAt = null)
{
    /// <summary>Retries of one fire; then a reminder that fires once is deleted, any other waits for its next fire.
    ///</summary>
    const int RetriesMax = 3;

    static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>daprd runs a busy loop at a period of zero; this minimum avoids it.</summary>
    static readonly TimeSpan EveryMin = TimeSpan.FromMilliseconds(1);

    [JsonIgnore]
    public ActorId Actor => new(ActorType, ActorId);

    [JsonIgnore]
    public string Key => KeyOf(Actor, Name);

    /// <summary>When the next fire is due; null when there is none.</summary>
    [JsonIgnore]
    public DateTimeOffset? DueAt
    {
        get
        {
            if (Repeats <= Fires || (Every is null && Fires > 0)) return null;
            // Without a due time the first fire comes after one period; timers fire at once.
            var due = LastDueAt is null && DueTime.Length > 0 ? Begin : Period.After(LastDueAt ?? Begin, Every!.Value);
            return due > ExpiresAt ? null : due;
        }
    }

    /// <summary>When to make the next attempt at it.</summary>
    [JsonIgnore]
    public DateTimeOffset? AttemptAt => DueAt is { } due ? Period.After(due, Attempts * RetryAfter) : null;

    public static string KeyOf(ActorId actor, string name) => $"{actor.Key}||{name}";

    /// <exception cref="ActorException">The request cannot be used.</exception>
    public static Reminder Read(ActorId actor, string name, ScheduleRequest request, DateTimeOffset now)
    {
        var (every, repeats) = Schedule(request.Period);
        var (hasDueTime, hasTtl) = (request.DueTime.Length > 0, request.Ttl.Length > 0);
        if (!hasDueTime && every is null) throw Invalid("job must have either a due time or a schedule");
        if (hasTtl && every is null) throw Invalid("job must have a schedule to have a ttl");
        var begin = hasDueTime ? Instant(request.DueTime, now, "due time format not recognized") : now;
        DateTimeOffset? expiresAt = hasTtl ? Instant(request.Ttl, begin, "ttl format not recognized") : null;
        if (hasDueTime && begin > expiresAt) throw Invalid("ttl must be greater than due time");
        return new Reminder(
            actor.Type, actor.Id, name, request.DueTime, every, repeats, request.Ttl,
            request.DataText, begin, expiresAt);
    }

    public Reminder Succeeded() => Over();

    public Reminder Failed() => Attempts < RetriesMax ? this with { Attempts = Attempts + 1 } : Over();

    // The next fire is counted from when this one was due, so missed ones follow one another at once.
    Reminder Over() => this with { Fires = Fires + 1, Attempts = 0, LastDueAt = DueAt };

    static (TimeSpan? Every, int? Repeats) Schedule(string text)
    {
        if (text.Length == 0) return (null, null);
        if (!Period.TryParse(text, out var period))
            throw new ActorException($"unsupported period format: {text}");
        return (period.Time > EveryMin ? period.Time : EveryMin, period.Repeats > 0 ? period.Repeats : null);
    }

    static DateTimeOffset Instant(string text, DateTimeOffset from, string fault) =>
        Period.Instant(text, from) ?? throw Invalid(fault);

    static ActorException Invalid(string fault) =>
        new($"rpc error: code = Unknown desc = job failed validation: {fault}");
}
