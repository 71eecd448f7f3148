using System.Text;

namespace Ticketing.Common.Tests;

public sealed class FreeTextTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" \t ")]
    [InlineData("\u200b\u200b")]
    [InlineData("\u200d\u200c\u200e\u200f\u061c\u2060")]
    [InlineData("\ufeff")]
    [InlineData("\u00ad")]
    [InlineData("\u2800\u2800")]
    [InlineData("\u3164")]
    [InlineData("\u115f\u1160")]
    [InlineData("\uffa0")]
    [InlineData("\u3000\u00a0\u2003\u180e")]
    [InlineData("\u0301")]
    [InlineData("\u20dd")]
    [InlineData("\ufe0f")]
    [InlineData("\U000e0100")]
    [InlineData("\U000e0041\U000e0042")]
    [InlineData("\ue000")]
    [InlineData("\U000f0000")]
    [InlineData("\u0378")]
    [InlineData("\U0001d159")]
    [InlineData("\ufffc")]
    [InlineData("\u200b \u2800 \u0301 \ue000")]
    [InlineData(null)]
    public void What_nobody_can_see_is_no_text(string? text)
    {
        Assert.Null(FreeText.Mistake(text, 200));
        Assert.Null(FreeText.Read(text));
    }

    [Theory]
    [InlineData("  Hamlet\t", "Hamlet")]
    [InlineData("\u200b\ufeff\u3000Hamlet\u2060\u00ad\u2800\u3164 ", "Hamlet")]
    [InlineData("Beyonce\u0301", "Beyonc\u00e9")]
    [InlineData("\u212bngstro\u0308m", "\u00c5ngstr\u00f6m")]
    [InlineData("-", "-")]
    [InlineData("❤\ufe0f", "❤\ufe0f")]
    [InlineData("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧")]
    [InlineData("\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f")]
    [InlineData("ירושלים \u200f!", "ירושלים \u200f!")]
    [InlineData("می\u200cخواهم", "می\u200cخواهم")]
    [InlineData("東京 \U00020bb7野家", "東京 \U00020bb7野家")]
    public void What_people_see_is_kept_in_its_normal_form(string text, string stored)
    {
        Assert.Null(FreeText.Mistake(text, 200));
        Assert.Equal(stored, FreeText.Read(text));
    }

    [Theory]
    [InlineData("a\nb")]
    [InlineData("a\u0007")]
    [InlineData("a\u2028b")]
    [InlineData("a\u202eb")]
    [InlineData("a\u2066b")]
    [InlineData("a\ufdd0")]
    [InlineData("a\ufffeb")]
    [InlineData("\uffff")]
    [InlineData("a\U0001ffff")]
    [InlineData("\uffffa")]
    public void What_would_disturb_the_page_around_it_is_refused(string text) =>
        Assert.NotNull(FreeText.Mistake(text, 200));

    // As numbers: the test runner cannot write half a surrogate pair into its files.
    [Theory]
    [InlineData(0xd83d, 'a')]
    [InlineData('a', 0xd83d)]
    [InlineData(0xde00, 0xd83d)]
    public void Half_a_surrogate_pair_is_refused(int first, int second) =>
        Assert.NotNull(FreeText.Mistake($"{(char)first}{(char)second}", 200));

    [Fact]
    public void Marks_may_not_be_heaped_on_one_letter()
    {
        Assert.NotNull(FreeText.Mistake($"\u0904{new string('\u093e', 150)}", 200));
        Assert.Null(FreeText.Mistake("x" + new string('\u0302', 8), 200));
        Assert.NotNull(FreeText.Mistake("x" + new string('\u0302', 9), 200));
        // A joiner between the marks does not make a new letter.
        Assert.NotNull(FreeText.Mistake("x" + string.Concat(Enumerable.Repeat("\u0302\u200d", 9)), 200));
        Assert.Null(FreeText.Mistake(string.Concat(Enumerable.Repeat("ש\u05c1\u05b8", 20)), 200));
    }

    [Fact]
    public void The_length_is_that_of_what_is_stored()
    {
        Assert.Null(FreeText.Mistake(new string('a', 200) + "\u200b  ", 200));
        Assert.NotNull(FreeText.Mistake(new string('a', 201), 200));
        Assert.Null(FreeText.Mistake(string.Concat(Enumerable.Repeat("e\u0301", 200)), 200));
        Assert.Null(FreeText.Mistake(string.Concat(Enumerable.Repeat("😀", 100)), 200));
        Assert.NotNull(FreeText.Mistake(string.Concat(Enumerable.Repeat("😀", 101)), 200));
        Assert.True(FreeText.Read("e\u0301")!.IsNormalized(NormalizationForm.FormC));
    }
}
