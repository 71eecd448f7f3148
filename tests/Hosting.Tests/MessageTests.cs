using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Ticketing.Common;
using Ticketing.Contracts;
using Ticketing.Testing;

namespace Ticketing.Hosting.Tests;

/// <summary>A host for each test, with a handler that the test controls, and one message.</summary>
public abstract class MessageTests : IAsyncLifetime
{
    protected static readonly Event Message =
        Event.Of(new ExpirationElapsed(OrderId.Parse("abc-1"), DateTimeOffset.UnixEpoch))
            with
        {
            Topic = Topics.Tickets,
        };

    protected ServiceHost Host { get; private set; } = null!;
    private protected NotesHandler Handler => Host.Services.GetRequiredService<NotesHandler>();

    public async ValueTask InitializeAsync() => Host = await ServiceHost.Start(NotesApp.Build);

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected Task<HttpResponseMessage> DeliverDead() => Host.Deliver($"/events/{NotesApp.AppId}.dead", Body());

    /// <summary>Delivers the message as the sidecar does.</summary>
    protected static JsonContent Body() => JsonContent.Create(new
    {
        id = Message.Id, type = Message.Type, topic = Message.Topic, subject = Message.Subject,
        pubsubname = DaprSidecar.PubSub, data = Message.Data,
    });

    /// <summary>Sends a request as an operator's console does.</summary>
    /// <param name="path">Below <c>/internal</c>.</param>
    /// <param name="token">The operator's session token; null: only the app API token is sent.</param>
    protected async Task<HttpResponseMessage> Operate(HttpMethod method, string path, string? token = null)
    {
        using var request = new HttpRequestMessage(method, $"/internal/{path}");
        request.Headers.Add("dapr-api-token", ServiceHost.AppToken);
        request.Headers.Add("dapr-caller-app-id", "web");
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        return await Host.Anonymous.SendAsync(request);
    }
}
