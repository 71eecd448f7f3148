using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Ticketing.Common;
using Ticketing.Testing;

namespace Ticketing.Hosting.Tests;

/// <summary>Operators see no personal data of a service, and everything they do is logged.</summary>
public sealed class OperatorTests : MessageTests
{
    const string Email = "ada.lovelace@example.com", Secret = "pi_3Nx_secret_Zk9QWe", Title = "Hamlet for Ada",
        Jwt = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl";

    [Fact]
    public async Task A_dead_letter_is_shown_without_what_it_says_of_people()
    {
        var body = JsonSerializer.Serialize(new Dictionary<string, object?>
        {
            ["id"] = "orders:abc-1:3", ["type"] = "order.created", ["subject"] = "abc-1", ["topic"] = "nowhere",
            ["data"] = new Dictionary<string, object?>
            {
                ["orderId"] = "abc-1", ["bookVersion"] = 3, ["phone"] = 4915112345678, ["email"] = Email,
                ["token"] = Jwt, ["client_secret"] = Secret, ["title"] = Title, [Email] = true,
                ["status"] = "awaitingPayment", ["list"] = new[] { new { reason = "My aunt is ill" } },
            },
        });
        await Answers.AssertStatus(await Host.Deliver($"/events/{NotesApp.AppId}.dead", new StringContent(body)), 200);
        var shown = await (await Operate(HttpMethod.Get, "dead-letters")).Content.ReadAsStringAsync();
        foreach (var hidden in (string[])[Email, Jwt, Secret, Title, "aunt", "4915112345678"])
        {
            Assert.DoesNotContain(hidden, shown, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(Host.Logs.All, line => line.Contains(hidden, StringComparison.OrdinalIgnoreCase));
        }
        var letter = JsonElement.Parse(shown).GetProperty("letters")[0];
        Assert.Equal(("orders:abc-1:3", "order.created", "abc-1"), (letter.GetProperty("id").GetString(),
            letter.GetProperty("type").GetString(), letter.GetProperty("subject").GetString()));
        var members = letter.GetProperty("members").EnumerateArray().ToDictionary(
            member => member.GetProperty("name").GetString()!, member => member.GetProperty("value").GetString());
        Assert.Equal(("abc-1", "3", "awaitingPayment", $"text of {Title.Length}", "a number", "text of 14"),
            (members["data.orderId"], members["data.bookVersion"], members["data.status"], members["data.title"],
            members["data.phone"], members["data.list[].reason"]));
        // The original message is applied, with its data.
        var box = await Host.Services.GetRequiredService<AggregateStore<DeadLetters>>().Find(DeadLetters.DocumentId);
        Assert.Equal(body, Assert.Single(box!.Letters).Body);
    }

    [Theory]
    [InlineData($"FormatException: {Email} is no number.", "FormatException: … is no number.")]
    [InlineData($"JsonException: found {Jwt} at 3", "JsonException: found … at 3")]
    [InlineData($"Bad key {Secret}, sk_live_abc and 4915112345678.", "Bad key …, … and ….")]
    [InlineData("KeyNotFoundException: HAMLET FOR ADA was not listed.", "KeyNotFoundException: … was not listed.")]
    [InlineData("The name 'Ada' or \"Bob\" is unknown.", "The name … or … is unknown.")]
    [InlineData("InvalidOperationException: abc-1 never works.", "InvalidOperationException: abc-1 never works.")]
    [InlineData("The handler answered RETRY.", "The handler answered RETRY.")]
    public void A_fault_quotes_nobody(string fault, string shown) => Assert.Equal(shown,
        LetterMask.Fault(fault, JsonSerializer.Serialize(new { id = "abc-1", title = Title })));

    [Theory]
    [InlineData("not json at all ada@example.com")]
    [InlineData("[1,2,[3,{\"a\":null}]]")]
    [InlineData("\"ada@example.com\"")]
    [InlineData("{\"id\":\"ada@example.com\",\"topic\":\"ada@example.com\",\"type\":7}")]
    public async Task Whatever_it_is_it_is_shown_without_its_text(string body)
    {
        await Answers.AssertStatus(await Host.Deliver($"/events/{NotesApp.AppId}.dead", new StringContent(body)), 200);
        var shown = await (await Operate(HttpMethod.Get, "dead-letters")).Content.ReadAsStringAsync();
        Assert.Single(JsonElement.Parse(shown).GetProperty("letters").EnumerateArray());
        Assert.DoesNotContain("ada@example.com", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_applied_is_written_down_before_and_after_with_who_did_it()
    {
        Handler.RefusesAll = true;
        await DeliverDead();
        await Answers.AssertStatus(await Apply(Token()), 409, "still-refused");
        Handler.RefusesAll = false;
        await Answers.AssertStatus(await Apply(null), 204);
        await Answers.AssertStatus(await Apply(Token()), 404, "no-such-letter");

        var lines = (await Audited()).Select(entry => (entry.User?.Value, entry.Session, entry.App, entry.Act,
            entry.On, entry.Outcome)).Reverse().ToList();
        var on = Message.Id;
        Assert.Equal(
        [
            ("ops", "ops-session", NotesApp.AppId, AuditAct.ApplyLetter, on, AuditOutcome.Begun),
            ("ops", "ops-session", NotesApp.AppId, AuditAct.ApplyLetter, on, AuditOutcome.Refused),
            (null, null, "web", AuditAct.ApplyLetter, on, AuditOutcome.Begun),
            (null, null, "web", AuditAct.ApplyLetter, on, AuditOutcome.Done),
            ("ops", "ops-session", NotesApp.AppId, AuditAct.ApplyLetter, on, AuditOutcome.Begun),
            ("ops", "ops-session", NotesApp.AppId, AuditAct.ApplyLetter, on, AuditOutcome.Missing),
        ], lines);
        Assert.Contains(Host.Logs.All, line => line.Contains(": ops (session ops-session)", StringComparison.Ordinal));
        Assert.DoesNotContain(Host.Logs.All, line => line.Contains("ops@example.com", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_cannot_be_written_down_is_not_done()
    {
        Handler.RefusesAll = true;
        await DeliverDead();
        Handler.RefusesAll = false;
        Host.Sidecar.Script = call => call.Operation == Operation.Save
            && call.Key.StartsWith("audit:", StringComparison.Ordinal) ? Accident.FailBefore : Accident.None;
        await Answers.AssertStatus(await Apply(Token()), 503);
        Host.Sidecar.Script = _ => Accident.None;
        Assert.Single(JsonElement.Parse(await (await Operate(HttpMethod.Get, "dead-letters"))
            .Content.ReadAsStringAsync())
            .GetProperty("letters").EnumerateArray());
    }

    [Theory]
    [InlineData(true, 0, 200)]
    [InlineData(true, 16, 401)]
    [InlineData(false, 0, 403)]
    public async Task A_sign_in_must_be_an_operators_and_recent(bool isOperator, int minutes, int status)
    {
        var token = Token(isOperator, TimeSpan.FromMinutes(minutes));
        await Answers.AssertStatus(await Operate(HttpMethod.Get, "dead-letters", token), status);
        await Answers.AssertStatus(await Operate(HttpMethod.Get, "audit", token), status);
        await Answers.AssertStatus(await Apply(token), status == 200 ? 404 : status);
        await Answers.AssertStatus(await Operate(HttpMethod.Get, "dead-letters", "not a token"), 401);
    }

    [Fact]
    public async Task The_log_grows_page_by_page_and_loses_nothing()
    {
        var pages = Host.Services.GetRequiredService<AggregateStore<AuditPage>>();
        for (var i = 0; i < AuditPage.EntriesMax - 1; i++)
        {
            await pages.Update(AuditPage.Newest, page => page.Append(new($"{i}", DateTimeOffset.UnixEpoch, null, null,
                "web", AuditAct.ViewFlow, "", AuditOutcome.Done)));
        }
        for (var i = 0; i < 3; i++)
            await Answers.AssertStatus(await Apply(Token()), 404);
        Assert.Equal(AuditPage.EntriesMax, (await pages.Find(AuditPage.KeyOf(1)))!.Entries.Length);
        Assert.Equal((2, 5),
            ((await pages.Find(AuditPage.Newest))!.Number, (await pages.Find(AuditPage.Newest))!.Entries.Length));
        var shown = await Audited();
        Assert.Equal((Audit.ShownMax, 6),
            (shown.Count, shown.TakeWhile(entry => entry.Act == AuditAct.ApplyLetter).Count()));
    }

    static string Token(bool isOperator = true, TimeSpan signedIn = default)
    {
        var now = TimeProvider.System.GetUtcNow();
        var token = TestSessions.Good("ops", now, "ops-session");
        token.Claims[SessionToken.SignedInAtClaim] = (now - signedIn).ToUnixTimeSeconds();
        if (isOperator)
            token.Claims[SessionToken.RoleClaim] = SessionToken.Operator;
        return TestSessions.Sign(token);
    }

    async Task<IReadOnlyList<AuditEntry>> Audited() =>
        (await (await Operate(HttpMethod.Get, "audit"))
            .Content.ReadFromJsonAsync(AuditJson.Default.AuditList))!.Entries;

    Task<HttpResponseMessage> Apply(string? token) =>
        Operate(HttpMethod.Post, $"dead-letters/{Uri.EscapeDataString(Message.Id)}/apply", token);
}
