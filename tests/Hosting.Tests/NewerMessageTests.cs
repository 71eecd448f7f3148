using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Ticketing.Common;
using Ticketing.Contracts;
using Ticketing.Testing;

namespace Ticketing.Hosting.Tests;

/// <summary>Messages with a word that only a newer build knows.</summary>
public sealed class NewerMessageTests : IAsyncLifetime
{
    const string Payment = """
        {"id":"payments:abc-1:2","type":"payment.teleported","topic":"payments","subject":"abc-1","pubsubname":"pubsub",
         "data":{"orderId":"abc-1","version":2,"status":"teleported","amount":{"amount":1,"currency":"usd"},"attemptsLeft":1}}
        """;

    ServiceHost host = null!;

    public async ValueTask InitializeAsync() => host = await ServiceHost.Start(Build);
    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task It_goes_to_the_dead_letters_at_once_and_delays_no_other()
    {
        var answer = await host.Deliver("/events/payments", Cloud(Payment));
        Assert.Equal("DROP", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("status").GetString());
        Assert.Equal("SUCCESS", await Delivered(Known));
    }

    [Fact]
    public async Task It_is_kept_among_the_dead_letters()
    {
        Assert.Equal("SUCCESS", await Delivered(Payment, dead: true));
        var letter = Assert.Single(await Kept(host));
        Assert.StartsWith(nameof(NewerVersionException), letter.GetProperty("fault").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_newer_build_applies_it_when_it_starts()
    {
        Assert.Equal("SUCCESS", await Delivered(Payment, dead: true));
        host.Services.GetRequiredService<NotesHandler>().RefusesAll = true;
        Assert.Equal("SUCCESS", await Delivered(Known.Replace("payments:abc-1:2", "other", StringComparison.Ordinal), dead: true));
        // To the build that starts now the word is known.
        var box = host.Store.Get("dead-letters:box")!.Value;
        host.Store.Save("dead-letters:box", Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(box.Value.Span)
            .Replace("teleported", "captured", StringComparison.Ordinal)), box.ETag);

        await using var newer = await ServiceHost.Start(Build, store: host.Store);
        await Eventually.Is(async () => (await Kept(newer)).Count == 1);
        Assert.Equal("other", (await Kept(newer))[0].GetProperty("id").GetString());
    }

    static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure)
    {
        var app = NotesApp.Build(args, configure);
        app.MapEvents().MapTopic(Topics.Payments, (CloudEvent<PaymentSnapshot> message, NotesHandler handler) =>
            handler.Handle(message.Data.OrderId));
        return app;
    }

    static string Known => Payment.Replace("teleported", "captured", StringComparison.Ordinal);

    async Task<string?> Delivered(string message, bool dead = false)
    {
        var answer = await host.Deliver(dead ? $"/events/{NotesApp.AppId}.dead" : "/events/payments", Cloud(message));
        await Answers.AssertStatus(answer, 200);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("status").GetString();
    }

    static StringContent Cloud(string json) => new(json, null, "application/cloudevents+json");

    static async Task<List<JsonElement>> Kept(ServiceHost host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/internal/dead-letters");
        request.Headers.Add("dapr-api-token", ServiceHost.AppToken);
        using var answer = await host.Anonymous.SendAsync(request);
        return [.. (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("letters").EnumerateArray()];
    }
}
