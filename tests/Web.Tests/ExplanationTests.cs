using System.Text.RegularExpressions;
using Ticketing.Testing;

namespace Ticketing.Web.Tests;

public partial class ExplanationTests(Site site) : IClassFixture<Site>
{
    /// <summary>Every problem code in the sources has a page, and every page is of such a code.</summary>
    [Fact]
    public void Every_problem_the_shop_can_answer_has_a_page_that_explains_it()
    {
        var answered = Answered();
        Assert.Contains("ticket-reserved", answered);
        Assert.Contains("unavailable", answered);
        Assert.True(answered.Count > 30, $"Only {answered.Count} problems were found: they are no longer written so.");
        Assert.Equal("", string.Join('\n', answered.Except(Explanation.All.Keys)));
        Assert.Equal("", string.Join('\n', Explanation.All.Keys.Except(answered)));
    }

    [Fact]
    public async Task A_problem_is_explained_under_its_type()
    {
        var (answer, html) = await site.Get("/problems/terms-changed");
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Contains("The seller has changed the ticket", html, StringComparison.Ordinal);
        Assert.Equal(404, (int)(await site.Get("/problems/made-up")).Answer.StatusCode);
    }

    // A refusal in the sources is a status next to a code; the codes of plain statuses are in one table.
    static HashSet<string> Answered() =>
    [
        .. from folder in new[] { "services", "local/Ingress" }
           from file in Directory.EnumerateFiles(Repository.At(folder), "*.cs", SearchOption.AllDirectories)
           where !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/Web/", StringComparison.Ordinal)
           let text = File.ReadAllText(file)
           from Match match in Named().Matches(text).Concat(
               file.EndsWith("Problems.cs", StringComparison.Ordinal) ? OfAStatus().Matches(text) : [])
           from Group code in match.Groups.Values.Skip(1)
           where code.Success
           select code.Value,
        // Not next to a status in the sources: the code for a form with mistakes.
        "invalid",
    ];

    [GeneratedRegex(@"\b[45]\d\d, ""([a-z]+(?:-[a-z]+)*)""")]
    private static partial Regex Named();

    [GeneratedRegex(@"=> (?:status < 500 \? )?""([a-z]+(?:-[a-z]+)*)""(?: : ""([a-z]+)"")?,")]
    private static partial Regex OfAStatus();
}
