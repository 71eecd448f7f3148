using System.Net.Http.Json;
using System.Text.Json;
using Ticketing.Common;
using Ticketing.Contracts;
using Ticketing.Testing;

namespace Ticketing.Hosting.Tests;

/// <summary>Hosts of their own: these tests change what the handler does.</summary>
public sealed class DeadLetterTests : IAsyncLifetime
{
    static readonly Event message = Event.Of(new ExpirationElapsed(OrderId.Parse("abc-1"), DateTimeOffset.UnixEpoch))
        with
    { Topic = Topics.Tickets };
    ServiceHost host = null!;

    public async ValueTask InitializeAsync() => host = await ServiceHost.Start(NotesApp.Build);

    public async ValueTask DisposeAsync()
    {
        NotesApp.RefuseTickets = NotesApp.StoreIsAway = false;
        await host.DisposeAsync();
    }

    [Fact]
    public async Task A_message_gets_a_second_chance()
    {
        await Answers.Are(await DeliverDead(), 200);
        Assert.Empty(await Kept());
    }

    [Fact]
    public async Task While_the_store_is_away_the_message_goes_round()
    {
        NotesApp.StoreIsAway = true;
        await Answers.Are(await DeliverDead(), 503);
        Assert.Empty(await Kept());
    }

    [Fact]
    public async Task What_fails_again_is_kept_once_and_applied_by_hand()
    {
        NotesApp.RefuseTickets = true;
        await Answers.Are(await DeliverDead(), 200);
        await Answers.Are(await DeliverDead(), 200);
        var letter = Assert.Single(await Kept());
        Assert.Equal(2, letter.GetProperty("tries").GetInt32());
        Assert.Contains("This one never works.", letter.GetProperty("fault").GetString(), StringComparison.Ordinal);

        await Answers.Are(await Apply(), 409, "still-refused");
        NotesApp.RefuseTickets = false;
        await Answers.Are(await Apply(), 204);
        Assert.Empty(await Kept());
        await Answers.Are(await Apply(), 404, "no-such-letter");
    }

    [Fact]
    public async Task Whatever_comes_is_kept_and_never_dropped_in_a_circle()
    {
        foreach (var body in (string[])["not json", """{"topic":"nowhere"}""", new('a', 70_000)])
        {
            var answer = await host.Deliver($"/events/{NotesApp.AppId}.dead", new StringContent(body));
            await Answers.Are(answer, 200);
            Assert.Equal("SUCCESS",
                (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("status").GetString());
        }
        Assert.Equal(2, (await Kept()).Count);
    }

    [Fact]
    public void The_box_is_bounded_and_the_oldest_give_way()
    {
        var box = DeadLetters.Absent(DeadLetters.Box);
        for (var i = 0; i < DeadLetters.CountMax + 5; i++)
            box = box.Keep(new($"{i}", "pubsub", "tickets", "{}", "", DateTimeOffset.UnixEpoch, 0)).State!;
        Assert.Equal(DeadLetters.CountMax, box.Letters.Length);
        Assert.Equal("5", box.Letters[0].Id);
        box = box.Keep(new("large", "pubsub", "tickets", new('a', DeadLetters.CharactersMax), "",
            DateTimeOffset.UnixEpoch, 0)).State!;
        Assert.Equal("large", Assert.Single(box.Letters).Id);
    }

    Task<HttpResponseMessage> DeliverDead()
    {
        var body = JsonContent.Create(new
        {
            id = message.Id, type = message.Type, topic = message.Topic,
            pubsubname = DaprSidecar.PubSub, data = message.Data
        });
        return host.Deliver($"/events/{NotesApp.AppId}.dead", body);
    }

    async Task<List<JsonElement>> Kept()
    {
        var answer = await Operate(HttpMethod.Get, "");
        return [.. (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("letters").EnumerateArray()];
    }

    Task<HttpResponseMessage> Apply() => Operate(HttpMethod.Post, $"/{Uri.EscapeDataString(message.Id)}/apply");

    async Task<HttpResponseMessage> Operate(HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, $"/internal/dead-letters{path}");
        request.Headers.Add("dapr-api-token", ServiceHost.AppToken);
        return await host.Anonymous.SendAsync(request);
    }
}
