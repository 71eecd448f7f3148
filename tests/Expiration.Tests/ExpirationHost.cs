using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Ticketing.Sidecar;
using Ticketing.Sidecar.Components;
using Ticketing.Testing;

namespace Ticketing.Expiration.Tests;

/// <summary>The service with a real sidecar, with a fake one, or with none.</summary>
sealed class ExpirationHost : IAsyncDisposable
{
    const string Resources = """
        apiVersion: dapr.io/v1alpha1
        kind: Component
        metadata: { name: statestore }
        spec:
          type: state.in-memory
          version: v1
          metadata: [{ name: actorStateStore, value: "true" }]
        """;

    readonly IAsyncDisposable? sidecar;
    readonly string? folder;
    readonly HttpClient actors;

    ExpirationHost(ServiceHost service, IAsyncDisposable? sidecar, int port, string? folder = null)
    {
        (Service, this.sidecar, this.folder) = (service, sidecar, folder);
        actors = new() { BaseAddress = new($"http://127.0.0.1:{port}/v1.0/actors/") };
    }

    public ServiceHost Service { get; }

    public static async Task<ExpirationHost> Start()
    {
        var port = AnyPort.Next();
        var service = await StartService(port);
        var folder = TestFolder.New("expiration");
        await File.WriteAllTextAsync(Path.Combine(folder, "resources.yaml"), Resources);
        var sidecar = await AppSidecar.StartAsync(new()
        {
            AppId = ExpirationApp.AppId, AppPort = service.Address.Port, AppApiToken = ServiceHost.AppToken,
            HttpPort = port, GrpcPort = 0, ResourcesPaths = [folder], WorkingDirectory = folder,
        }, new SidecarHost(KnownComponents.Registry), TestContext.Current.CancellationToken);
        await Eventually.Is(() => sidecar.Inventory.ActorRuntime().HostReady);
        return new(service, sidecar, port, folder);
    }

    /// <summary>With a fake sidecar that answers every call with this and does nothing.</summary>
    public static async Task<ExpirationHost> StartWithFakeSidecar(Func<HttpContext, Task> answer)
    {
        var port = AnyPort.Next();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Logging.ClearProviders();
        var fake = builder.Build();
        fake.Run(context => answer(context));
        await fake.StartAsync();
        return new(await StartService(port), fake, port);
    }

    /// <summary>Without a sidecar: nothing listens on its port.</summary>
    public static async Task<ExpirationHost> StartWithoutSidecar()
    {
        var port = AnyPort.Next();
        return new(await StartService(port), null, port);
    }

    public async Task<bool> HasReminder()
    {
        var path = $"{ExpirationActor.TypeName}/{FakeActorTimers.Order}/reminders/{ExpirationActor.Deadline}";
        return (await actors.GetAsync(path)).IsSuccessStatusCode;
    }

    static Task<ServiceHost> StartService(int sidecarPort) => ServiceHost.Start(ExpirationApp.Build, builder =>
    {
        builder.Configuration.AddInMemoryCollection([new("DAPR_HTTP_ENDPOINT", $"http://127.0.0.1:{sidecarPort}")]);
        builder.Services.AddOtherAppsStub(_ => throw new HttpRequestException("There is no other app in this test."));
    });

    public async ValueTask DisposeAsync()
    {
        actors.Dispose();
        if (sidecar is not null)
            await sidecar.DisposeAsync();
        await Service.DisposeAsync();
        if (folder is not null)
            Directory.Delete(folder, recursive: true);
    }
}
