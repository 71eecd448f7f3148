using System.Globalization;

namespace Ticketing.Contracts;

/// <summary>What a client names its request with, so that sending it again is no second one: 1 to 255 printable ASCII
/// characters without blanks.</summary>
public readonly record struct IdempotencyKey(string Value)
{
    public const int LengthMax = 255;

    /// <returns>Null: it is no key.</returns>
    public static IdempotencyKey? Parse(string? text) =>
        text is { Length: > 0 and <= LengthMax } && !text.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? new(text) : null;

    public override string ToString() => Value;
}

/// <summary>A place in a list, as the <c>next</c> of a page told it: opaque, 1 to 200 of <c>[A-Za-z0-9_-]</c>.</summary>
public readonly record struct PageCursor(string Value)
{
    public const int LengthMax = 200;

    /// <returns>Null: it is no place.</returns>
    public static PageCursor? Parse(string? text) =>
        text is { Length: > 0 and <= LengthMax } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            ? new(text) : null;

    public override string ToString() => Value;
}

/// <summary>The version of a ticket that somebody has seen; the first is 1.</summary>
public readonly record struct TicketVersion(long Value)
{
    /// <returns>Null: it is no version.</returns>
    public static TicketVersion? Parse(string? text) =>
        // TryParse alone passes over NULs at the end.
        text is not null && text.All(char.IsAsciiDigit)
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? new(number) : null;

    /// <summary>As <c>If-Match</c> and <c>ETag</c> have it.</summary>
    public string EntityTag => $"\"{ToString()}\"";

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A message's id as it stands in an address: 1 to 200 printable ASCII characters, and no path of its own.</summary>
public readonly record struct MessageId(string Value)
{
    public const int LengthMax = 200;

    /// <returns>Null: no message is called so.</returns>
    public static MessageId? Parse(string? text) =>
        text is { Length: > 0 and <= LengthMax } and not ("." or "..")
            && !text.AsSpan().ContainsAnyExceptInRange('!', '~') && text.AsSpan().IndexOfAny("/\\?#%") < 0
            ? new(text) : null;

    public override string ToString() => Value;
}
