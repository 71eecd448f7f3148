using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ticketing.Flow.Tests;

public class FlowViewTests
{
    static readonly IReadOnlyList<JudgedStep> All = Some.Story(
        Some.Step(0, StepKind.Published, "orders"),
        Some.Step(4, StepKind.Failed, "tickets", outcome: "503", attempt: 1, took: 2),
        Some.Step(9, StepKind.Handled, "tickets", outcome: "applied", attempt: 2, took: 3.4));

    [Fact]
    public async Task The_table_says_what_the_picture_shows()
    {
        var page = await Render(new("abc-1"), All);
        Assert.Equal(
            ["12:00:00.000|orders|order.created v3|published||0.0|0af76519",
             "12:00:00.004|tickets|order.created v3|failed: 503|1|2.0|0af76519",
             "12:00:00.009|tickets|order.created v3|applied on retry 1|2|3.4|0af76519"],
            page.QuerySelectorAll("tbody tr").Select(row => string.Join('|', row.QuerySelectorAll("td").Select(Plain))));
        Assert.Equal(["order.created", "failed: 503 · 2 ms", "applied on retry 1 · 3 ms"],
            page.QuerySelectorAll(".wide .step text:not(.time)").Select(Plain));
        Assert.Equal(2, page.QuerySelectorAll(".wide .arrow").Length);
    }

    [Fact]
    public async Task Without_a_filter_there_is_one_line_for_each_ticket_and_it_leads_to_its_story()
    {
        var page = await Render(new(), All);
        var line = Assert.Single(page.QuerySelectorAll(".stories li"));
        Assert.Equal("abc-1 order.created by orders all delivered 1 event, 2 deliveries 12:00:00.009", Plain(line));
        Assert.Equal("/flow?subject=abc", line.QuerySelector("a")!.GetAttribute("href"));
    }

    [Fact]
    public async Task What_others_wrote_stays_text()
    {
        const string evil = "\"><script>alert(1)</script>";
        var all = Some.Story(new Step(Some.Start, StepKind.Failed, evil, evil, evil, evil, evil, evil, 1, evil, 1, evil));
        foreach (var filter in new[] { new(), new StepFilter(evil), new StepFilter(App: evil), new StepFilter(Trace: evil) })
        {
            var page = await Render(filter, all);
            Assert.Empty(page.QuerySelectorAll("script, [style], [onclick]"));
        }
    }

    [Fact]
    public async Task What_was_not_seen_is_said_to_be_not_seen()
    {
        var page = await Render(new("nothing"), All);
        Assert.Contains("Nothing that fits was seen", page.Body!.TextContent);
        Assert.Empty(page.QuerySelectorAll("svg"));
    }

    static string Plain(AngleSharp.Dom.IElement element) =>
        string.Join(' ', element.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    static async Task<IHtmlDocument> Render(StepFilter filter, IReadOnlyList<JudgedStep> all)
    {
        await using var services = new ServiceCollection().BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<FlowView>(ParameterView.FromDictionary(new Dictionary<string, object?>
            {
                [nameof(FlowView.Base)] = "/flow",
                [nameof(FlowView.Filter)] = filter,
                [nameof(FlowView.All)] = all,
            }))).ToHtmlString());
        return new HtmlParser().ParseDocument(html);
    }
}
