using System.Globalization;
using System.Text;
using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>Text as people search it: words without case, accents and punctuation.</summary>
static class Words
{
    const int LengthMax = 40, PerTicketMax = 64;

    public static IEnumerable<string> Of(TicketSnapshot ticket) =>
        Of($"{ticket.Title} {ticket.Venue} {ticket.Seat}").Distinct().Take(PerTicketMax);

    public static IEnumerable<string> Of(string text)
    {
        var word = new StringBuilder();
        // Decomposed, an accent is a mark of its own behind its letter: the words of "Beyoncé" and "beyonce" are one.
        foreach (var c in text.Normalize(NormalizationForm.FormD).Append(' '))
        {
            if (char.IsLetterOrDigit(c) || char.IsSurrogate(c))
                word.Append(char.ToLowerInvariant(c));
            else if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark && word.Length > 0)
            {
                yield return word.ToString(0, Math.Min(word.Length, LengthMax));
                word.Clear();
            }
        }
    }
}
