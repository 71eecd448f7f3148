using Microsoft.Extensions.Logging.Abstractions;
using Ticketing.Sidecar.Components;
using Ticketing.Testing;

namespace Ticketing.Sidecar.Tests;

/// <summary>A sidecar of its own for one test: YAML in a temporary directory, free ports, gone afterwards.</summary>
sealed class TestSidecar : IAsyncDisposable
{
    readonly SidecarHost _host;
    readonly bool _ownsHost;

    TestSidecar(AppSidecar sidecar, SidecarHost host, bool ownsHost, string directory)
    {
        (Sidecar, _host, _ownsHost, Folder) = (sidecar, host, ownsHost, directory);
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{sidecar.HttpPort}") };
    }

    public AppSidecar Sidecar { get; }

    public HttpClient Http { get; }

    /// <summary>Holds the resources and is the working directory.</summary>
    public string Folder { get; }

    /// <param name="yaml">One file; several documents are separated by <c>---</c>.</param>
    public static async Task<TestSidecar> StartAsync(
        string yaml, Func<SidecarOptions, SidecarOptions>? with = null, SidecarHost? host = null, string? folder = null)
    {
        folder ??= TestFolder.New("sidecar");
        await File.WriteAllTextAsync(Path.Combine(folder, "resources.yaml"), yaml);
        var options = new SidecarOptions
        {
            AppId = "app", HttpPort = 0, GrpcPort = 0, ResourcesPaths = [folder], WorkingDirectory = folder,
        };
        var ownsHost = host is null;
        host ??= new SidecarHost(KnownComponents.Registry, logs: NullLoggerFactory.Instance);
        var sidecar = await AppSidecar.StartAsync(with?.Invoke(options) ?? options, host,
            TestContext.Current.CancellationToken);
        return new TestSidecar(sidecar, host, ownsHost, folder);
    }

    public Dapr.Client.DaprClient Client(string? token = null)
    {
        var builder = new Dapr.Client.DaprClientBuilder()
            .UseHttpEndpoint($"http://127.0.0.1:{Sidecar.HttpPort}")
            .UseGrpcEndpoint($"http://127.0.0.1:{Sidecar.GrpcPort}");
        return (token is null ? builder : builder.UseDaprApiToken(token)).Build();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Sidecar.DisposeAsync();
        if (_ownsHost) await _host.DisposeAsync();
    }
}

/// <summary>YAML that many tests start from.</summary>
static class Yaml
{
    /// <param name="metadata"><c>name: value</c> pairs.</param>
    public static string Component(string name, string type, params (string Name, string Value)[] metadata) =>
        $$"""
        apiVersion: dapr.io/v1alpha1
        kind: Component
        metadata: { name: {{name}} }
        spec:
          type: {{type.Split('/')[0]}}
          version: {{(type.Split('/') is [_, var version] ? version : "v1")}}
          metadata: [{{string.Join(", ", metadata.Select(item => $"{{ name: {item.Name}, value: '{item.Value}' }}"))}}]
        """;
}
