using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Ticketing.Testing;

namespace Ticketing.Expiration.Tests;

/// <summary>Malformed actor calls, which the runtime never makes.</summary>
public class ActorCallTests
{
    const string Actor = "/actors/ExpirationActor/show1-1";

    [Theory]
    [InlineData("PUT", Actor + "/method/Apply", "null", 400)]
    [InlineData("PUT", Actor + "/method/Apply", "{", 400)]
    [InlineData("PUT", Actor + "/method/Apply", "{\"id\":\"show1-1\"}", 400)]
    [InlineData("PUT", Actor + "/method/Apply", "", 400)]
    [InlineData("PUT", Actor + "/method/remind/deadline", "{\"data\":\"\\ud800\"}", 400)]
    [InlineData("PUT", Actor + "/method/remind/deadline", "{\"data\":\"%\"}", 400)]
    [InlineData("PUT", Actor + "/method/remind/deadline", "{\"dueTime\":\"usd\",\"period\":\"\",\"data\":\"\"}", 400)]
    [InlineData("PUT", Actor + "/method/timer/deadline", "[]", 400)]
    [InlineData("PUT", Actor + "/method/timer/deadline", "{\"dueTime\":\"1s\",\"period\":\"1s\",\"data\":\"\"}", 400)]
    [InlineData("PUT", Actor + "/method/ReceiveReminderAsync", "{}", 404)]
    [InlineData("PUT", Actor + "/method/remind/other", "{}", 404)]
    [InlineData("PUT", "/actors/ExpirationActor/no-order/method/Apply", "{}", 404)]
    [InlineData("DELETE", "/actors/OtherActor/show1-1", "", 404)]
    public async Task What_cannot_be_read_is_refused_and_is_no_fault_of_ours(
        string method, string path, string body, int status)
    {
        await using var host = await ExpirationHost.StartWithFakeSidecar(context =>
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        });
        using var call = new HttpRequestMessage(new(method), path)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        call.Headers.Add("dapr-api-token", ServiceHost.AppToken);
        using var answer = await host.Service.Anonymous.SendAsync(call);
        Assert.Equal((HttpStatusCode)status, answer.StatusCode);
        Assert.DoesNotContain(host.Service.Logs.All, line => line.StartsWith("Error", StringComparison.Ordinal));
    }
}
