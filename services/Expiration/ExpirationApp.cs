using System.Text.Json;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Expiration;

public static class ExpirationApp
{
    public const string AppId = "expiration";

    /// <summary>An actor is unloaded during most of the hold: all it needs later is in its reminder.</summary>
    static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(1), ScanInterval = TimeSpan.FromSeconds(15);

    /// <param name="configure">Called last before the build; tests replace services here.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddTicketing(AppId);
        builder.Services.AddDeadLetters();
        builder.Services.AddSingleton(new NewestApplied<OrderId, bool>());
        builder.Services.AddActors(actors =>
        {
            actors.Actors.RegisterActor<ExpirationActor>();
            actors.ActorIdleTimeout = IdleTimeout;
            actors.ActorScanInterval = ScanInterval;
            actors.ReentrancyConfig = new() { Enabled = false };
            actors.UseJsonSerialization = true;
            actors.JsonSerializerOptions = JsonSerializerOptions.Web;
        });
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseTicketing();
        app.Use(ActorCalls.Check);
        app.MapActorsHandlers();
        app.MapEvents().MapTopic(Topics.Orders, OrderSubscription.OnOrder);
        app.MapDeadLetters();
        return app;
    }
}
