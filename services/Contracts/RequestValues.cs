using System.Globalization;

namespace Ticketing.Contracts;

/// <summary>The key with which a client marks repetitions of one request: 1 to 255 printable ASCII characters without
/// blanks.</summary>
public readonly record struct IdempotencyKey(string Value)
{
    public const int LengthMax = 255;

    /// <returns>Null if it is not a valid key.</returns>
    public static IdempotencyKey? Parse(string? text) =>
        text is { Length: > 0 and <= LengthMax } && !text.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? new(text) : null;

    public override string ToString() => Value;
}

/// <summary>A position in a list, from the <c>next</c> of a page: opaque, 1 to 200 of <c>[A-Za-z0-9_-]</c>.</summary>
public readonly record struct PageCursor(string Value)
{
    public const int LengthMax = 200;

    /// <returns>Null if it is not a valid cursor.</returns>
    public static PageCursor? Parse(string? text) =>
        text is { Length: > 0 and <= LengthMax } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            ? new(text) : null;

    public override string ToString() => Value;
}

/// <summary>The version of a ticket that a client has seen; the first is 1.</summary>
public readonly record struct TicketVersion(long Value)
{
    /// <returns>Null if it is not a valid version.</returns>
    public static TicketVersion? Parse(string? text) =>
        // TryParse alone would accept trailing NULs.
        text is not null && text.All(char.IsAsciiDigit)
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? new(number) : null;

    /// <summary>The form of <c>If-Match</c> and <c>ETag</c>.</summary>
    public string EntityTag => $"\"{ToString()}\"";

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A message's id in an address: 1 to 200 printable ASCII characters, not a relative path.</summary>
public readonly record struct MessageId(string Value)
{
    public const int LengthMax = 200;

    /// <returns>Null if it is not a valid id.</returns>
    public static MessageId? Parse(string? text) =>
        text is { Length: > 0 and <= LengthMax } and not ("." or "..")
            && !text.AsSpan().ContainsAnyExceptInRange('!', '~') && text.AsSpan().IndexOfAny("/\\?#%") < 0
            ? new(text) : null;

    public override string ToString() => Value;
}
