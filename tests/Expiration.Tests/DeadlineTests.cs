using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Http;
using Ticketing.Common;
using Ticketing.Contracts;
using Ticketing.Testing;
using static Ticketing.Expiration.Tests.FakeActorTimers;

namespace Ticketing.Expiration.Tests;

/// <summary>Dapr's actor packages, over HTTP, through the embedded sidecar with its timers and reminders.</summary>
public class DeadlineTests
{
    /// <summary>Long enough that events sent at once are delivered within it, also on a busy machine.</summary>
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(3);

    static Task<HttpResponseMessage> Deliver(
        ExpirationHost host, OrderStatus status, long version, DateTimeOffset expiresAt)
    {
        var order = Snapshot(status, version) with { ExpiresAt = expiresAt };
        return host.Service.Deliver(Event.Of(OrderEvents.For(status), order));
    }

    static async Task<string> Outcome(Task<HttpResponseMessage> delivery)
    {
        var answer = await delivery;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<Ack>())!.Outcome;
    }

    [Fact]
    public async Task An_order_is_asked_for_at_its_deadline_until_it_is_over()
    {
        await using var host = await ExpirationHost.Start();
        var (expiresAt, early) = (DateTimeOffset.UtcNow.AddMilliseconds(500), false);
        host.Service.Sidecar.Script = call =>
        {
            early |= call.Operation == Operation.Publish && DateTimeOffset.UtcNow < expiresAt;
            return Accident.None;
        };
        Assert.Equal("applied", await Outcome(Deliver(host, OrderStatus.Created, 1, expiresAt)));
        Assert.True(await host.HasReminder());
        Assert.Equal("stale", await Outcome(Deliver(host, OrderStatus.AwaitingPayment, 2, expiresAt)));   // still live

        // And again, since no event of the order says that it is over.
        await Eventually.Is(() => host.Service.Sidecar.Published.Count >= 2);
        Assert.All(host.Service.Sidecar.Published, message => Assert.Equal($"expirations:{Order}", message.Id));
        Assert.False(early);

        Assert.Equal("applied", await Outcome(Deliver(host, OrderStatus.Cancelled, 3, expiresAt)));
        Assert.False(await host.HasReminder());
        Assert.Equal("stale", await Outcome(Deliver(host, OrderStatus.Created, 1, expiresAt)));
        Assert.False(await host.HasReminder());
    }

    [Fact]
    public async Task An_order_that_is_paid_in_time_is_never_asked_for()
    {
        await using var host = await ExpirationHost.Start();
        var expiresAt = DateTimeOffset.UtcNow + Soon;
        await Outcome(Deliver(host, OrderStatus.Created, 1, expiresAt));
        await Outcome(Deliver(host, OrderStatus.Complete, 3, expiresAt));
        await Outcome(Deliver(host, OrderStatus.AwaitingPayment, 2, expiresAt));

        // Another order with a later deadline: once its message is published, this one's would be too.
        var other = new OrderId(Order.TicketId, 2);
        var later = Snapshot(OrderStatus.Created, 1) with { Id = other, ExpiresAt = expiresAt.AddMilliseconds(1) };
        await Outcome(host.Service.Deliver(Event.Of(OrderEvents.Created, later)));
        await Eventually.Is(() => host.Service.Sidecar.Published.Any(message => message.Subject == other));
        Assert.DoesNotContain(host.Service.Sidecar.Published, message => message.Subject == Order);
    }

    [Fact]
    public async Task Snapshots_that_come_all_at_once_end_as_the_newest_says()
    {
        await using var host = await ExpirationHost.Start();
        var expiresAt = DateTimeOffset.UtcNow.AddHours(1);
        await Task.WhenAll(Enumerable.Range(0, 5).SelectMany(_ => new[]
        {
            Outcome(Deliver(host, OrderStatus.Created, 1, expiresAt)),
            Outcome(Deliver(host, OrderStatus.Cancelled, 3, expiresAt)),
            Outcome(Deliver(host, OrderStatus.AwaitingPayment, 2, expiresAt)),
        }));
        Assert.False(await host.HasReminder());
    }

    [Theory]   // what the runtime may answer for an actor that it did not reach
    [InlineData(200, "")]
    [InlineData(200, "null")]
    [InlineData(200, "{}")]
    [InlineData(200, "{\"value\":{}}")]
    [InlineData(204, "")]
    [InlineData(500, "{\"errorCode\":\"ERR_ACTOR_INVOKE_METHOD\",\"message\":\"did not find address\"}")]
    public async Task A_message_whose_actor_did_not_answer_is_delivered_again(int status, string body)
    {
        await using var host = await ExpirationHost.StartWithFakeSidecar(context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            return body.Length == 0 ? Task.CompletedTask : context.Response.WriteAsync(body);
        });
        var answer = await Deliver(host, OrderStatus.Created, 1, DateTimeOffset.UtcNow);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }

    [Fact]
    public async Task With_the_sidecar_away_the_message_is_delivered_again()
    {
        await using var host = await ExpirationHost.StartWithoutSidecar();
        var answer = await Deliver(host, OrderStatus.Created, 1, DateTimeOffset.UtcNow);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }

    [Fact]
    public async Task Actors_are_only_for_the_sidecar()
    {
        await using var host = await ExpirationHost.StartWithoutSidecar();
        var anonymous = host.Service.Anonymous;
        var path = $"/actors/{ExpirationActor.TypeName}/{Order}/method/{nameof(IExpirationActor.Apply)}";
        Assert.Equal(HttpStatusCode.Unauthorized, (await anonymous.PutAsJsonAsync(path, new { })).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await anonymous.GetAsync("/dapr/config")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await anonymous.GetAsync("/health/live")).StatusCode);
    }

    [Fact]
    public async Task The_sidecar_learns_how_actors_are_hosted()
    {
        await using var host = await ExpirationHost.StartWithoutSidecar();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/dapr/config");
        request.Headers.Add("dapr-api-token", ServiceHost.AppToken);
        var config = await (await host.Service.Anonymous.SendAsync(request)).Content.ReadAsStringAsync();
        Assert.Contains("\"entities\":[\"ExpirationActor\"]", config, StringComparison.Ordinal);
        Assert.Contains("\"reentrancy\":{\"enabled\":false}", config, StringComparison.Ordinal);
    }
}
