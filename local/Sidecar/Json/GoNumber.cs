using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Ticketing.Sidecar.State;

namespace Ticketing.Sidecar.Json;

/// <summary>JSON numbers that went through a Go float64 and were written again.</summary>
static class GoNumber
{
    const int ExactDigits = 15;

    /// <summary>Null when no float64 can hold it.</summary>
    public static string? Rewrite(ReadOnlySpan<byte> number, JsonStyle style)
    {
        if (!Utf8Parser.TryParse(number, out double value, out var used) || used != number.Length
            || !double.IsFinite(value))
            return null;
        return style == JsonStyle.Fast ? FormatLossy(value) : Format(value);
    }

    /// <summary>An integer of few enough digits comes out as it went in.</summary>
    public static bool IsUnchanged(ReadOnlySpan<byte> number)
    {
        var digits = number is [(byte)'-', ..] ? number[1..] : number;
        return digits.Length <= ExactDigits && digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
    }

    /// <summary>As encoding/json: shortest digits, exponents only below 1e-6 and from 1e21 on.</summary>
    public static string Format(double value)
    {
        if (value == 0) return double.IsNegative(value) ? "-0" : "0";
        var sign = value < 0 ? "-" : "";
        var (digits, exponent) = Scientific(Math.Abs(value));
        if (Math.Abs(value) is < 1e-6 or >= 1e21)
        {
            var fraction = digits.Length > 1 ? "." + digits[1..] : "";
            return string.Create(CultureInfo.InvariantCulture,
                $"{sign}{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent)}");
        }

        if (exponent < 0) return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        return digits.Length <= exponent + 1
            ? $"{sign}{digits}{new string('0', exponent + 1 - digits.Length)}"
            : $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }

    /// <summary>The shortest digits that say the number, and the power of ten of the first of them.</summary>
    static (string Digits, int Exponent) Scientific(double magnitude)
    {
        var text = magnitude.ToString("R", CultureInfo.InvariantCulture);
        var exponent = 0;
        if (text.IndexOf('E', StringComparison.Ordinal) is >= 0 and var e)
            (exponent, text) = (int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture), text[..e]);
        var point = text.IndexOf('.', StringComparison.Ordinal) is >= 0 and var at ? at : text.Length;
        var digits = text.Replace(".", "", StringComparison.Ordinal);
        var zeros = digits.Length - digits.TrimStart('0').Length;
        return (digits[zeros..].TrimEnd('0'), exponent + point - 1 - zeros);
    }

    /// <summary>As jsoniter's fastest configuration: cut to six decimals unless too large to cut.</summary>
    static string FormatLossy(double value)
    {
        const double largestCut = 0x4ffffff;
        const ulong scale = 1_000_000;
        if (Math.Abs(value) > largestCut) return Format(value);
        var scaled = (ulong)((Math.Abs(value) * scale) + 0.5);
        var text = new StringBuilder(value < 0 ? "-" : "").Append(scaled / scale);
        if (scaled % scale is var fraction && fraction > 0)
            text.Append('.').Append(fraction.ToString("D6", CultureInfo.InvariantCulture).TrimEnd('0'));
        return text.ToString();
    }
}
