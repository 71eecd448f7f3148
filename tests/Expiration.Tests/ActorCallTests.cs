using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Ticketing.Testing;

namespace Ticketing.Expiration.Tests;

/// <summary>Calls of actors that the runtime would never make.</summary>
public class ActorCallTests
{
    const string Actor = "/actors/ExpirationActor/show1-1";

    [Theory]
    [InlineData("PUT", Actor + "/method/Hear", "null", 400)]
    [InlineData("PUT", Actor + "/method/Hear", "{", 400)]
    [InlineData("PUT", Actor + "/method/Hear", "{\"id\":\"show1-1\"}", 400)]
    [InlineData("PUT", Actor + "/method/Hear", "", 400)]
    [InlineData("PUT", Actor + "/method/remind/deadline", "{\"data\":\"\\ud800\"}", 400)]
    [InlineData("PUT", Actor + "/method/remind/deadline", "{\"data\":\"%\"}", 400)]
    [InlineData("PUT", Actor + "/method/remind/deadline", "{\"dueTime\":\"usd\",\"period\":\"\",\"data\":\"\"}", 400)]
    [InlineData("PUT", Actor + "/method/timer/deadline", "[]", 400)]
    [InlineData("PUT", Actor + "/method/timer/deadline", "{\"dueTime\":\"1s\",\"period\":\"1s\",\"data\":\"\"}", 400)]
    [InlineData("PUT", Actor + "/method/ReceiveReminderAsync", "{}", 404)]
    [InlineData("PUT", Actor + "/method/remind/other", "{}", 404)]
    [InlineData("PUT", "/actors/ExpirationActor/no-order/method/Hear", "{}", 404)]
    [InlineData("DELETE", "/actors/OtherActor/show1-1", "", 404)]
    public async Task What_cannot_be_read_is_refused_and_is_no_fault_of_ours(
        string method, string path, string body, int status)
    {
        await using var alarm = await AlarmHost.StartBeside(context =>
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        });
        using var call = new HttpRequestMessage(new(method), path)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        call.Headers.Add("dapr-api-token", ServiceHost.AppToken);
        using var answer = await alarm.Service.Anonymous.SendAsync(call);
        Assert.Equal((HttpStatusCode)status, answer.StatusCode);
        Assert.DoesNotContain(alarm.Service.Logs.All, line => line.StartsWith("Error", StringComparison.Ordinal));
    }
}
