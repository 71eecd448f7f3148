using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Http;
using Ticketing.Common;
using Ticketing.Contracts;
using Ticketing.Testing;
using static Ticketing.Expiration.Tests.Clockwork;

namespace Ticketing.Expiration.Tests;

/// <summary>The official actor packages, over HTTP, through a sidecar that keeps timers and reminders.</summary>
public class AlarmTests
{
    /// <summary>Long enough that what is told at once is told before it, also on a busy machine.</summary>
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(3);

    static Task<HttpResponseMessage> Tell(
        AlarmHost alarm, OrderStatus status, long version, DateTimeOffset expiresAt)
    {
        var order = Snapshot(status, version) with { ExpiresAt = expiresAt };
        return alarm.Service.Deliver(Event.Of(OrderEvents.For(status), order));
    }

    static async Task<string> Heard(Task<HttpResponseMessage> told)
    {
        var answer = await told;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<Ack>())!.Outcome;
    }

    [Fact]
    public async Task An_order_is_asked_for_at_its_deadline_until_it_is_over()
    {
        await using var alarm = await AlarmHost.Start();
        var (expiresAt, early) = (DateTimeOffset.UtcNow.AddMilliseconds(500), false);
        alarm.Service.Sidecar.Script = call =>
        {
            early |= call.Operation == Operation.Publish && DateTimeOffset.UtcNow < expiresAt;
            return Accident.None;
        };
        Assert.Equal("applied", await Heard(Tell(alarm, OrderStatus.Created, 1, expiresAt)));
        Assert.True(await alarm.HasReminder());

        // The reminder, the timer, and the timer again: the order has not answered.
        await Eventually.Is(() => alarm.Service.Sidecar.Published.Count >= 3);
        Assert.All(alarm.Service.Sidecar.Published, message => Assert.Equal($"expirations:{Order}", message.Id));
        Assert.False(early);

        Assert.Equal("applied", await Heard(Tell(alarm, OrderStatus.Cancelled, 2, expiresAt)));
        Assert.False(await alarm.HasReminder());
        Assert.Equal("stale", await Heard(Tell(alarm, OrderStatus.Created, 1, expiresAt)));
        Assert.False(await alarm.HasReminder());
    }

    [Fact]
    public async Task An_order_that_is_paid_in_time_is_never_asked_for()
    {
        await using var alarm = await AlarmHost.Start();
        var expiresAt = DateTimeOffset.UtcNow + Soon;
        await Heard(Tell(alarm, OrderStatus.Created, 1, expiresAt));
        await Heard(Tell(alarm, OrderStatus.Complete, 3, expiresAt));
        await Heard(Tell(alarm, OrderStatus.AwaitingPayment, 2, expiresAt));

        // Another order, due later: when it has rung, this one would have.
        var other = new OrderId(Order.TicketId, 2);
        var later = Snapshot(OrderStatus.Created, 1) with { Id = other, ExpiresAt = expiresAt.AddMilliseconds(1) };
        await Heard(alarm.Service.Deliver(Event.Of(OrderEvents.Created, later)));
        await Eventually.Is(() => alarm.Service.Sidecar.Published.Any(message => message.Subject == other));
        Assert.DoesNotContain(alarm.Service.Sidecar.Published, message => message.Subject == Order);
    }

    [Fact]
    public async Task Snapshots_that_come_all_at_once_end_as_the_newest_says()
    {
        await using var alarm = await AlarmHost.Start();
        var expiresAt = DateTimeOffset.UtcNow.AddHours(1);
        await Task.WhenAll(Enumerable.Range(0, 5).SelectMany(_ => new[]
        {
            Heard(Tell(alarm, OrderStatus.Created, 1, expiresAt)),
            Heard(Tell(alarm, OrderStatus.Cancelled, 3, expiresAt)),
            Heard(Tell(alarm, OrderStatus.AwaitingPayment, 2, expiresAt)),
        }));
        Assert.False(await alarm.HasReminder());
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
        await using var alarm = await AlarmHost.StartBeside(context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            return body.Length == 0 ? Task.CompletedTask : context.Response.WriteAsync(body);
        });
        var answer = await Tell(alarm, OrderStatus.Created, 1, DateTimeOffset.UtcNow);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }

    [Fact]
    public async Task With_the_sidecar_away_the_message_is_delivered_again()
    {
        await using var alarm = await AlarmHost.StartAlone();
        var answer = await Tell(alarm, OrderStatus.Created, 1, DateTimeOffset.UtcNow);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }

    [Fact]
    public async Task Actors_are_only_for_the_sidecar()
    {
        await using var alarm = await AlarmHost.StartAlone();
        var anonymous = alarm.Service.Anonymous;
        var path = $"/actors/{ExpirationActor.TypeName}/{Order}/method/{nameof(IExpirationActor.Hear)}";
        Assert.Equal(HttpStatusCode.Unauthorized, (await anonymous.PutAsJsonAsync(path, new { })).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await anonymous.GetAsync("/dapr/config")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await anonymous.GetAsync("/health/live")).StatusCode);
    }

    [Fact]
    public async Task The_sidecar_learns_how_actors_are_hosted()
    {
        await using var alarm = await AlarmHost.StartAlone();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/dapr/config");
        request.Headers.Add("dapr-api-token", ServiceHost.AppToken);
        var config = await (await alarm.Service.Anonymous.SendAsync(request)).Content.ReadAsStringAsync();
        Assert.Contains("\"entities\":[\"ExpirationActor\"]", config, StringComparison.Ordinal);
        Assert.Contains("\"reentrancy\":{\"enabled\":false}", config, StringComparison.Ordinal);
    }
}
