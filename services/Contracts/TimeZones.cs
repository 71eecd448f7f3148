using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Ticketing.Contracts;

/// <summary>Time zones by the names that browsers report them under.</summary>
public static partial class TimeZones
{
    const int LengthMax = 64;

    /// <summary>
    /// As <c>America/Argentina/Ushuaia</c>, <c>Etc/GMT+5</c>. .NET opens a file of that name; the names left out are files
    /// beside the time zones, which no browser knows.
    /// </summary>
    [GeneratedRegex(@"\A(?!posix|right/|localtime|Factory)[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Name { get; }

    /// <param name="name">An IANA name.</param>
    public static bool TryFind(string? name, [NotNullWhen(true)] out TimeZoneInfo? zone)
    {
        zone = null;
        return name is { Length: <= LengthMax } && Name.IsMatch(name)
            && TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone);
    }
}
