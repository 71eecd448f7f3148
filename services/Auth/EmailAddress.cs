using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Ticketing.Contracts;

namespace Ticketing.Auth;

/// <summary>
/// An e-mail address. Two that differ only in case, surrounding spaces or the form of an international domain are
/// equal. Dots and <c>+tags</c> make a difference, since only the provider knows whether they matter.
/// </summary>
/// <param name="Text">As given, without spaces around it.</param>
/// <param name="Normalized">The form that is compared.</param>
public sealed partial record EmailAddress(string Text, string Normalized)
{
    /// <summary>RFC 5321's longest path, without its brackets.</summary>
    public const int LengthMax = 254;
    const int LocalMax = 64;
    static readonly IdnMapping idn = new() { UseStd3AsciiRules = true };

    /// <summary>
    /// The account's key: a hash, because an address may contain characters that a store's key may not.
    /// </summary>
    public string Key { get; } =
        UserId.From(SHA256.HashData(Encoding.UTF8.GetBytes(Normalized)).AsSpan(0, 20)).Value;

    public static EmailAddress? TryParse(string? text)
    {
        text = text?.Trim();
        if (text is null or { Length: 0 or > LengthMax })
            return null;
        var at = text.LastIndexOf('@');
        if (at is < 1 or > LocalMax || !Local().IsMatch(text.AsSpan(0, at)))
            return null;
        try
        {
            var domain = idn.GetAscii(text[(at + 1)..]).ToLowerInvariant();
            return Domain().IsMatch(domain) ? new(text, $"{text[..at].ToLowerInvariant()}@{domain}") : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    // As in <input type=email>. Quoted and non-ASCII local parts are refused: they allow look-alike addresses.
    [GeneratedRegex(@"\A[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+\z")]
    private static partial Regex Local();

    [GeneratedRegex(@"\A([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\z")]
    private static partial Regex Domain();
}
