using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ticketing.Common;
using Ticketing.Testing;

namespace Ticketing.Web.Tests;

/// <summary>Operators see the services' event logs; for everybody else the pages do not exist.</summary>
public class ConsoleTests : IClassFixture<Site>
{
    readonly Site site;

    /// <summary>Answers are cached for a moment; advancing the clock keeps those of an earlier test out.</summary>
    public ConsoleTests(Site site)
    {
        this.site = site;
        site.AdvanceClock();
    }

    const string Letters = """
        {"version":3,"letters":[{"id":"orders:abc-1:3","pubsub":"pubsub","topic":"orders","type":"order.created","subject":"abc-1",
         "members":[{"name":"data.title","value":"text of 6"}],"fault":"InvalidOperationException: a bug","keptAt":"2031-01-01T00:00:00Z","tries":2}]}
        """;

    static readonly DateTimeOffset At = new(2031, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("/console")]
    [InlineData("/console/letters")]
    [InlineData("/console/audit")]
    public async Task Somebody_who_is_no_operator_finds_nothing(string path)
    {
        Assert.Equal(HttpStatusCode.NotFound, (await site.Get(path, Site.Buyer)).Answer.StatusCode);
        var (anonymous, _) = await site.Get(path);
        Assert.Equal(HttpStatusCode.SeeOther, anonymous.StatusCode);
        Assert.Equal($"/signin?to={Uri.EscapeDataString(path)}", anonymous.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Somebody_who_is_no_operator_applies_nothing()
    {
        site.Apps.Reply("orders", "/internal/dead-letters/x/apply", _ => throw new InvalidOperationException("Asked."));
        foreach (var user in new[] { Site.Buyer, null })
        {
            var (answer, _) = await site.Post("/console/letters/orders/x/apply", user);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [Fact]
    public async Task What_all_services_saw_is_one_story_and_one_that_is_away_costs_only_its_own_part()
    {
        ReplyStep("orders", StepKind.Published, "");
        ReplyStep("tickets", StepKind.Failed, "TryAgainException");
        site.Apps.Unreachable.Add("payments");
        var (answer, html) = await Page("/console?subject=abc-1");
        site.Apps.Unreachable.Clear();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("<h1>Order <bdi>abc-1</bdi></h1>", html, StringComparison.Ordinal);
        Assert.Contains(">published</span>", html, StringComparison.Ordinal);
        Assert.Contains(">failed: TryAgainException</span>", html, StringComparison.Ordinal);
        Assert.Contains("What it saw is missing here.", html, StringComparison.Ordinal);
        Assert.Contains("tickets-7f9c remembers 1 steps", html, StringComparison.Ordinal);
        Assert.DoesNotContain("style=", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dead_letter_is_shown_with_its_fault_and_applied_once_more()
    {
        site.Apps.Reply("orders", "/internal/dead-letters", Letters);
        site.Apps.Unreachable.Add("auth");
        var (_, html) = await Page("/console/letters");
        site.Apps.Unreachable.Clear();
        Assert.Contains("InvalidOperationException: a bug", html, StringComparison.Ordinal);
        Assert.Contains("The dead letters of auth, tickets, payments, expiration can't be shown right now.", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/console?subject=abc-1\"", html, StringComparison.Ordinal);
        Assert.Contains("<code>data.title</code>: <bdi>text of 6</bdi>", html, StringComparison.Ordinal);
        const string apply = "/console/letters/orders/orders%3Aabc-1%3A3/apply";
        Assert.Contains($"action=\"{apply}\"", html, StringComparison.Ordinal);

        var said = new List<string>();
        foreach (var status in new[] { HttpStatusCode.NoContent, HttpStatusCode.Conflict, HttpStatusCode.NotFound, HttpStatusCode.BadGateway })
        {
            site.Apps.Reply("orders", "/internal/dead-letters/orders%3Aabc-1%3A3/apply", _ => new(status));
            var (answer, _) = await Send(HttpMethod.Post, apply);
            Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
            said.Add(answer.Headers.Location!.OriginalString.Split('=')[^1]);
        }

        Assert.Equal(["applied", "refused", "gone", "away"], said);
    }

    [Theory]
    [InlineData("/console?subject=abc-1")]
    [InlineData("/console/letters")]
    public async Task Whose_sign_in_is_old_signs_in_again_and_comes_back(string path)
    {
        var (answer, _) = await Send(HttpMethod.Get, path, TimeSpan.FromMinutes(16));
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal($"/signin?to={Uri.EscapeDataString(path)}&again", answer.Headers.Location?.OriginalString);
        var (_, html) = await site.Get(answer.Headers.Location!.OriginalString);
        Assert.Contains("Please sign in again: operators’ pages want a sign-in of the last 15 minutes.", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Please sign in again", (await site.Get("/signin")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_asked_with_an_old_sign_in_is_not_done_and_the_page_says_so()
    {
        site.Apps.Reply("orders", "/internal/dead-letters/x/apply", _ => throw new InvalidOperationException("Asked."));
        var (answer, _) = await Send(HttpMethod.Post, "/console/letters/orders/x/apply", TimeSpan.FromHours(1));
        Assert.Equal((HttpStatusCode.SeeOther, "/signin?to=%2Fconsole%2Fletters%3Fsaid%3Dnot-yet&again"),
            (answer.StatusCode, answer.Headers.Location?.OriginalString));
        Assert.Contains("It was not applied: your sign-in was too old.", (await Page("/console/letters?said=not-yet")).Html,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_operators_looked_at_and_did_is_one_list_over_all_services()
    {
        site.Apps.Reply("orders", "/internal/audit", """
            {"entries":[{"action":"a1","at":"2031-01-01T00:00:00Z","user":"root","session":"s1","app":"orders",
             "act":"applyLetter","on":"orders:abc-1:3","outcome":"refused"}]}
            """);
        // A session of its own: other tests of this class view the same page, and the clock advances between them.
        await Page("/console/letters", "auditor");
        await Page("/console/letters", "auditor");
        site.AdvanceClock();
        var (answer, html) = await Page("/console/audit");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("<td>Applied a dead letter</td>", html, StringComparison.Ordinal);
        Assert.Contains("refused by its handler", html, StringComparison.Ordinal);
        Assert.Contains("The audit log of auth, tickets, payments, expiration can't be shown", html, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(html, @"session auditor</span>\s*</td>\s*<td>web</td>\s*<td>Looked at the dead letters</td>"));
        Assert.Contains("<code>ops</code>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hundred_looks_at_the_status_ask_each_service_a_few_times()
    {
        site.AdvanceClock();
        var asked = 0;
        site.Apps.Reply("auth", "/health/ready", _ =>
        {
            Interlocked.Increment(ref asked);
            return new(HttpStatusCode.OK) { Content = new StringContent("ready") };
        });
        var started = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => site.Get("/status", Site.Buyer)));
        Assert.InRange(asked, 1, 1 + (int)TimeProvider.System.GetElapsedTime(started).TotalSeconds);
    }

    [Fact]
    public async Task There_is_no_way_to_services_that_do_not_exist()
    {
        var (answer, _) = await Send(HttpMethod.Post, "/console/letters/ingress/x/apply");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    void ReplyStep(string app, StepKind kind, string outcome) =>
        site.Apps.Reply(app, "/internal/flow", JsonSerializer.Serialize(
            new([new(At, kind, app, "pubsub", "orders", "orders:abc-1:3", "order.created", "abc-1", 0, outcome, 2, "")],
                1, $"{app}-7f9c"), FlowJson.Default.StepList));

    Task<(HttpResponseMessage Answer, string Html)> Page(string path, string session = "ops") =>
        Send(HttpMethod.Get, path, session: session);

    async Task<(HttpResponseMessage Answer, string Html)> Send(
        HttpMethod method, string path, TimeSpan signedIn = default, string session = "ops")
    {
        var now = TimeProvider.System.GetUtcNow();
        var token = TestSessions.Good("ops", now, session);
        token.Claims[SessionToken.RoleClaim] = SessionToken.Operator;
        token.Claims[SessionToken.SignedInAtClaim] = (now - signedIn).ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestSessions.Sign(token));
        return await site.Send(request);
    }
}
