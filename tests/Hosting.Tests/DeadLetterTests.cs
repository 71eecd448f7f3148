using System.Net.Http.Json;
using System.Text.Json;
using Ticketing.Common;
using Ticketing.Testing;

namespace Ticketing.Hosting.Tests;

public sealed class DeadLetterTests : MessageTests
{
    [Fact]
    public async Task A_message_gets_a_second_chance()
    {
        await Answers.AssertStatus(await DeliverDead(), 200);
        Assert.Empty(await Kept());
    }

    [Fact]
    public async Task While_the_store_is_away_the_message_goes_round()
    {
        Handler.StoreFails = true;
        await Answers.AssertStatus(await DeliverDead(), 503);
        Assert.Empty(await Kept());
    }

    [Fact]
    public async Task What_fails_again_is_kept_once_and_applied_by_hand()
    {
        Handler.RefusesAll = true;
        await Answers.AssertStatus(await DeliverDead(), 200);
        await Answers.AssertStatus(await DeliverDead(), 200);
        var letter = Assert.Single(await Kept());
        Assert.Equal(2, letter.GetProperty("tries").GetInt32());
        Assert.Contains("abc-1 never works.", letter.GetProperty("fault").GetString(), StringComparison.Ordinal);

        await Answers.AssertStatus(await Apply(), 409, "still-refused");
        Handler.RefusesAll = false;
        await Answers.AssertStatus(await Apply(), 204);
        Assert.Empty(await Kept());
        await Answers.AssertStatus(await Apply(), 404, "no-such-letter");
    }

    [Fact]
    public async Task Whatever_comes_is_kept_and_never_dropped_in_a_circle()
    {
        foreach (var body in (string[])["not json", """{"topic":"nowhere"}""", new('a', 70_000),
            """{"id":"\ud800","topic":"\udc00x"}""", """{"\ud800":1}"""])
        {
            var answer = await Host.Deliver($"/events/{NotesApp.AppId}.dead", new StringContent(body));
            await Answers.AssertStatus(answer, 200);
            Assert.Equal("SUCCESS",
                (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("status").GetString());
        }
        Assert.Equal(4, (await Kept()).Count);
    }

    [Fact]
    public async Task A_chunk_longer_than_any_number_is_a_message_that_cannot_be_read()
    {
        var request = new RawRequest("POST", $"/events/{NotesApp.AppId}.dead")
        {
            Body = "ffffffffffffffff\r\n{}\r\n0\r\n\r\n"u8.ToArray(),
            Length = -1,
        };
        var answer = await request.With("Transfer-Encoding: chunked", $"dapr-api-token: {ServiceHost.AppToken}")
            .Send(Host.Address);
        Assert.Equal(200, answer.Status);
        Assert.Contains("SUCCESS", answer.Body, StringComparison.Ordinal);
    }

    // Such a letter once ended the process: its reader called itself until the stack overflowed.
    [Theory]
    [InlineData("pubsub")]
    [InlineData("broadcast")]
    public async Task A_letter_about_the_dead_letters_themselves_is_kept(string pubsub)
    {
        var body = $$"""{"id":"circle","pubsubname":"{{pubsub}}","topic":"{{NotesApp.AppId}}.dead"}""";
        await Answers.AssertStatus(await Host.Deliver($"/events/{NotesApp.AppId}.dead", new StringContent(body)), 200);
        Assert.Contains("Nobody here handles", Assert.Single(await Kept()).GetProperty("fault").GetString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_box_is_bounded_and_the_oldest_give_way()
    {
        var box = DeadLetters.Absent(DeadLetters.DocumentId);
        for (var i = 0; i < DeadLetters.CountMax + 5; i++)
            box = box.Keep(new($"{i}", "pubsub", "tickets", "{}", "", DateTimeOffset.UnixEpoch, 0)).State!;
        Assert.Equal(DeadLetters.CountMax, box.Letters.Length);
        Assert.Equal("5", box.Letters[0].Id);
        box = box.Keep(new("large", "pubsub", "tickets", new('a', DeadLetters.CharactersMax), "",
            DateTimeOffset.UnixEpoch, 0)).State!;
        Assert.Equal("large", Assert.Single(box.Letters).Id);
    }

    async Task<List<JsonElement>> Kept()
    {
        var answer = await Operate(HttpMethod.Get, "dead-letters");
        return [.. (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("letters").EnumerateArray()];
    }

    Task<HttpResponseMessage> Apply() =>
        Operate(HttpMethod.Post, $"dead-letters/{Uri.EscapeDataString(Message.Id)}/apply");
}
