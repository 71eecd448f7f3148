using Dapr.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Ticketing.Common;
using Ticketing.Sidecar;
using Ticketing.Sidecar.Components;
using Ticketing.Testing;

namespace Ticketing.Payments.Tests;

/// <summary>The steps of docs/operating.md with a file of secrets, which a sidecar reads only when it starts.</summary>
public sealed class SecretRotationTests : IAsyncDisposable
{
    const string Component = """
        apiVersion: dapr.io/v1alpha1
        kind: Component
        metadata: { name: secretstore }
        spec: { type: secretstores.local.file, version: v1, metadata: [{ name: secretsFile, value: secrets.json }] }
        """;
    static readonly TimeSpan ReadAgain = TimeSpan.FromSeconds(31);

    readonly string folder = TestFolder.New("rotation");
    readonly SidecarHost host = new(KnownComponents.Registry);
    readonly int port = AnyPort.Next();
    readonly ShiftedClock clock = new();
    AppSidecar? sidecar;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await (sidecar?.DisposeAsync() ?? default);
        await host.DisposeAsync();
    }

    [Fact]
    public async Task A_new_secret_is_used_once_its_sidecar_was_restarted_and_the_app_is_not()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "secretstore.yaml"), Component, Ct);
        await Write("whsec_old");
        await Start();
        using var dapr = new DaprClientBuilder().UseGrpcEndpoint($"http://127.0.0.1:{port}").Build();
        using var services = App(dapr);
        // As at the app's start, which waits for its sidecar.
        await services.GetRequiredService<Secrets>().Wait("stripe-webhook-secret", Ct);
        var keys = services.GetRequiredService<StripeKeys>();
        Assert.Equal(["whsec_old"], await keys.Webhook(Ct));

        await Write("whsec_new, whsec_old");
        clock.Shift += ReadAgain;
        Assert.Equal(["whsec_old"], await keys.Webhook(Ct));     // the file alone changes nothing

        await sidecar!.DisposeAsync();
        clock.Shift += ReadAgain;
        Assert.Equal(["whsec_old"], await keys.Webhook(Ct));     // events are checked while it is away
        await Start();
        await Eventually.Is(async () => await ReadLater(keys) is ["whsec_new", "whsec_old"]);

        await Write("whsec_new");
        await sidecar.DisposeAsync();
        await Start();
        await Eventually.Is(async () => await ReadLater(keys) is ["whsec_new"]);
    }

    // The connection to the sidecar is tried again after a pause, and a failed read counts for as long as any.
    Task<string[]> ReadLater(StripeKeys keys)
    {
        clock.Shift += ReadAgain;
        return keys.Webhook(Ct);
    }

    Task Write(string secrets) => File.WriteAllTextAsync(
        Path.Combine(folder, "secrets.json"), $$"""{ "stripe-webhook-secret": "{{secrets}}" }""", Ct);

    async Task Start() => sidecar = await AppSidecar.StartAsync(new SidecarOptions
    {
        AppId = PaymentsApp.AppId, HttpPort = 0, GrpcPort = port, ResourcesPaths = [folder], WorkingDirectory = folder,
    }, host, Ct);

    ServiceProvider App(DaprClient dapr) => new ServiceCollection().AddLogging()
        .AddSingleton<TimeProvider>(clock)
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
        .AddSingleton<IHostApplicationLifetime, ApplicationLifetime>()
        .AddSingleton<IHostEnvironment>(new HostingEnvironment { EnvironmentName = Environments.Development })
        .AddSingleton<StartRefusal>().AddSingleton<Secrets>().AddSingleton<StripeKeys>()
        .AddSingleton<ReadSecret>(async (name, ct) =>
            (await dapr.GetSecretAsync("secretstore", name, cancellationToken: ct))[name])
        .BuildServiceProvider();
}
