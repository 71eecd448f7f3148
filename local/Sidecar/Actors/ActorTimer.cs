namespace Ticketing.Sidecar.Actors;

/// <summary>A timer, kept in the memory of the sidecar that created it.</summary>
/// <param name="RepeatsLeft">Remaining ticks, this one included; <see cref="Period.Unlimited"/> for no end.</param>
/// <param name="Body">The body sent to the app at each tick.</param>
sealed record ActorTimer(
    ActorId Actor, string Name, DateTimeOffset DueAt, Period Period, int RepeatsLeft, DateTimeOffset? ExpiresAt,
    ReadOnlyMemory<byte> Body)
{
    public string Key => KeyOf(Actor, Name);

    /// <summary>Its time to live ended before the tick; daprd takes such a timer and never fires it.</summary>
    public bool IsExpired => DueAt >= ExpiresAt;

    public static string KeyOf(ActorId actor, string name) => $"{actor.Key}||{name}";

    /// <exception cref="ActorException">The times cannot be parsed, or have passed.</exception>
    public static ActorTimer Read(ActorId actor, string name, ScheduleRequest request, DateTimeOffset now)
    {
        var dueAt = Instant(request.DueTime, now, "due time") ?? now;
        if (!Period.TryParse(request.Period, out var period) && request.Period.Length > 0)
            throw new ActorException(
                $"invalid timer period: parse error: unsupported duration format: {request.Period}");
        if (period.Repeats == 0) throw new ActorException("invalid timer period: has zero repetitions");
        var timer = new ActorTimer(actor, name, dueAt, period,
            request.Period.Length == 0 ? 1 : period.Repeats, Instant(request.Ttl, dueAt, "TTL"),
            ScheduleRequest.Body(request.DataText, request.Callback, request.DueTime, request.Period));
        if (timer.ExpiresAt >= now && timer.ExpiresAt >= dueAt || timer.ExpiresAt is null) return timer;
        var times = $"dueTime: {Rfc3339.Format(dueAt)} TTL: {request.Ttl}";
        throw new ActorException($"timer {timer.Key} has already expired: {times}");
    }

    /// <summary>The timer after this tick; null when it was the last. The next tick is counted from when this one was
    /// due: ticks missed by a slow callback follow one another at once.</summary>
    public ActorTimer? Ticked()
    {
        var left = RepeatsLeft > 0 ? RepeatsLeft - 1 : RepeatsLeft;
        if (left == 0 || Period.Time == TimeSpan.Zero || Period.After(DueAt, Period.Time) is not { } next) return null;
        var timer = this with { DueAt = next, RepeatsLeft = left };
        return timer.IsExpired ? null : timer;
    }

    static DateTimeOffset? Instant(string text, DateTimeOffset from, string what)
    {
        if (text.Length == 0) return null;
        return Period.Instant(text, from)
            ?? throw new ActorException($"error parsing timer {what}: unsupported time/duration format: {text}");
    }
}
