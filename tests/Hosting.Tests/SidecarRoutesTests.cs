using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Ticketing.Common;
using Ticketing.Testing;

namespace Ticketing.Hosting.Tests;

public sealed class SidecarRoutesTests(NotesFixture fixture) : IClassFixture<NotesFixture>
{
    [Theory]
    [InlineData("/dapr/subscribe", "", 401)]
    [InlineData("/dapr/subscribe", "dapr-api-token: wrong", 401)]
    [InlineData("/dapr/subscribe", "dapr-api-token: {token}", 200)]
    [InlineData("/DAPR/subscribe", "", 401)]
    [InlineData("/actors/Any/1/method/Do", "", 401)]
    [InlineData("/actors/Any/1/method/Do", "dapr-api-token: {token}", 404)]
    [InlineData("/dapr/subscribe", "dapr-api-token: {token}; dapr-caller-app-id: orders", 404)]
    [InlineData("/dapr/subscribe", "dapr-api-token: {token}; dapr-caller-app-id: notes", 200)]
    [InlineData("/dapr/subscribe", "dapr-api-token: {token}; dapr-caller-app-id: notes; dapr-callee-app-id: notes",
        404)]
    [InlineData("/dapr/subscribe", "dapr-api-token: {token}; X-Forwarded-For: 10.0.0.1", 404)]
    [InlineData("/events/tickets", "", 401)]
    [InlineData("/internal/ping", "", 401)]
    [InlineData("/internal/ping", "dapr-api-token: {token}; dapr-caller-app-id: orders; dapr-callee-app-id: notes",
        200)]
    [InlineData("/internal/ping", "dapr-api-token: {token}; X-Forwarded-For: 10.0.0.1", 200)]
    [InlineData("/internal/dead-letters", "dapr-api-token: wrong", 401)]
    public async Task Only_the_own_sidecar_comes_in(string path, string headers, int status)
    {
        using var request = Request(path, headers);
        await Answers.AssertStatus(await fixture.Host.Anonymous.SendAsync(request), status);
    }

    [Fact]
    public async Task Every_subscription_names_the_dead_letters_or_filters_and_has_none()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/dapr/subscribe");
        request.Headers.Add("dapr-api-token", ServiceHost.AppToken);
        var answer = await fixture.Host.Anonymous.SendAsync(request);
        var replica = fixture.Host.Services.GetRequiredService<Replica>();
        var subscriptions = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(
        [
            $"broadcast sessions → events/broadcast/sessions if {replica.Recent}, else ",
            "pubsub notes.dead → events/notes.dead, else notes.dead",
            "pubsub tickets → events/tickets, else notes.dead",
        ], subscriptions.EnumerateArray().Select(item => $"{Text(item, "pubsubName")} {Text(item, "topic")}"
            + $" → {Route(item)}, else {Text(item, "deadLetterTopic")}"));
    }

    // A default route beside the rule would deliver what the rule leaves out.
    static string? Route(JsonElement item) => item.TryGetProperty("routes", out var routes)
        ? $"{Text(routes.GetProperty("rules")[0], "path")} if {Text(routes.GetProperty("rules")[0], "match")}"
            + (routes.TryGetProperty("default", out _) ? ", and a default" : "")
        : Text(item, "route");

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("""{"id":"1","type":"t","data":[1]}""")]
    [InlineData("""{"id":5,"type":"t","data":{}}""")]
    public async Task A_message_that_cannot_be_read_is_dropped_to_the_dead_letters(string body)
    {
        var answer = await Deliver("/events/tickets", body);
        Assert.Equal("DROP", Text(await answer.Content.ReadFromJsonAsync<JsonElement>(), "status"));
    }

    [Theory]
    [InlineData("dapr-api-token: {token}; dapr-caller-app-id: web", "https 9.8.7.6 Firefox")]
    [InlineData("dapr-api-token: {token}; dapr-caller-app-id: orders", "http 1.2.3.4 curl")]
    [InlineData("dapr-api-token: guess; dapr-caller-app-id: web", "http 1.2.3.4 curl")]
    [InlineData("dapr-caller-app-id: web", "http 1.2.3.4 curl")]
    [InlineData("dapr-api-token: {token}; dapr-caller-app-id: web; ticketing-client-scheme: gopher",
        "http 9.8.7.6 Firefox")]
    public async Task Only_web_says_whose_browser_asks(string headers, string browser)
    {
        using var request = Request("/api/notes/from",
            headers + "; X-Forwarded-For: 5.6.7.8, 1.2.3.4; ticketing-client-address: 9.8.7.6; User-Agent: curl; "
            + (headers.Contains("scheme", StringComparison.Ordinal) ? "" : "ticketing-client-scheme: https; ")
            + "ticketing-client-agent: Firefox");
        var answer = await fixture.Host.Anonymous.SendAsync(request);
        Assert.Equal(browser, await answer.Content.ReadFromJsonAsync<string>());
    }

    static HttpRequestMessage Request(string path, string headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var header in headers.Split("; ", StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = (header.Split(": ")[0], header.Split(": ")[1]);
            request.Headers.Add(name, value.Replace("{token}", ServiceHost.AppToken, StringComparison.Ordinal));
        }
        return request;
    }

    Task<HttpResponseMessage> Deliver(string path, string body) =>
        fixture.Host.Deliver(path, new StringContent(body, Encoding.UTF8, "application/cloudevents+json"));

    static string? Text(JsonElement json, string member) =>
        json.TryGetProperty(member, out var value) ? value.GetString() : null;
}
