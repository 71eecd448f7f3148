namespace Ticketing.Sidecar.Actors;

/// <summary>The span of a timer or reminder: an ISO 8601 duration, with repetitions or without (<c>R5/PT10S</c>), or
/// Go's duration text. Calendar parts stay apart from the clock part because a month has no fixed length.</summary>
/// <param name="Repeats">Fires in all; -1 is "for ever".</param>
readonly record struct Period(int Years, int Months, int Days, TimeSpan Time, int Repeats)
{
    public const int Unlimited = -1;

    public bool HasCalendarPart => Years > 0 || Months > 0 || Days > 0;

    public bool IsZero => Years == 0 && Months == 0 && Days == 0 && Time == TimeSpan.Zero;

    public static bool TryParse(string text, out Period period)
    {
        if (Iso8601Period.TryParse(text, out period))
            return true;
        if (!GoDuration.TryParse(text, out var time))
            return false;
        period = new Period(0, 0, 0, time, Unlimited);
        return true;
    }

    /// <summary>An instant (RFC 3339) or a duration counted from <paramref name="from"/>.</summary>
    /// <param name="error">In the words of the Go library that daprd uses; null when the text was understood.</param>
    public static DateTimeOffset ParseInstant(string text, DateTimeOffset from, out string? error)
    {
        error = null;
        if (Iso8601Period.TryParse(text, out var iso))
        {
            if (iso.Repeats != Unlimited)
                error = "repetitions are not allowed";
            else if (iso.TryFollowing(from, out var following))
                return following;
        }
        else if (GoDuration.TryParse(text, out var time))
        {
            if (new Period(0, 0, 0, time, Unlimited).TryFollowing(from, out var following))
                return following;
        }
        else if (Rfc3339.TryParse(text, out var instant))
        {
            return instant;
        }
        error ??= $"unsupported time/duration format: {text}";
        return default;
    }

    /// <summary>The instant one period after <paramref name="from"/>, by Go's calendar: a day that the target month
    /// does not have runs over into the next month. False when it lies outside the calendar.</summary>
    public bool TryFollowing(DateTimeOffset from, out DateTimeOffset following)
    {
        try
        {
            following = HasCalendarPart
                ? from.AddDays(1 - from.Day).AddYears(Years).AddMonths(Months).AddDays(from.Day - 1 + Days).Add(Time)
                : from.Add(Time);
            return true;
        }
        catch (ArgumentOutOfRangeException)
        {
            following = default;
            return false;
        }
    }
}
