using System.Diagnostics;
using System.Text.Json.Nodes;
using Ticketing.Sidecar;
using Ticketing.Sidecar.Components;
using Ticketing.Testing;

namespace Ticketing.Conformance;

/// <summary>Everything one case needs: a folder, empty servers, ports, and for each app its daprd and itself.</summary>
sealed class CaseSetup : IAsyncDisposable
{
    /// <summary>Reserved for documentation: nobody answers there.</summary>
    const string Nowhere = "192.0.2.1";

    readonly Recording recording;
    readonly CollectedLogs logs = new();
    readonly SidecarHost host;
    readonly Dictionary<string, ScriptedApp> apps = [];
    readonly Dictionary<string, EmbeddedDaprd> sidecars = [];
    readonly Dictionary<string, int> httpPorts = [];
    readonly List<IAsyncDisposable> servers = [];
    readonly string folder = TestFolder.New("conformance");

    CaseSetup(Recording recording)
    {
        this.recording = recording;
        host = new(KnownComponents.Registry, logs: logs, newId: HostNames.IdsFor(recording));
    }

    public Placeholders Names { get; } = new();

    public Stopwatch Clock { get; } = Stopwatch.StartNew();

    public IEnumerable<Call> Calls => apps.Values.SelectMany(app => app.Calls).OrderBy(call => call.At);

    /// <summary>All that the sidecars logged at or above a warning, and the errors they ended with.</summary>
    public IReadOnlyList<string> Warnings =>
        [.. logs.Lines, .. sidecars.Values.Select(sidecar => sidecar.Error).Where(error => error.Length > 0)];

    public string Folder => folder;

    public ScriptedApp App(string name) => apps[name];

    public EmbeddedDaprd Sidecar(string app) => sidecars[app];

    public string Origin(string app) => $"http://127.0.0.1:{httpPorts[app]}";

    /// <summary>Sets it all up; nothing runs yet but the servers and the apps.</summary>
    public static async Task<CaseSetup> StartAsync(Recording recording, CancellationToken ct)
    {
        var setup = new CaseSetup(recording);
        try
        {
            await setup.StartServersAsync(ct);
            foreach (var app in recording.Apps) await setup.AddAsync(app);
            return setup;
        }
        catch
        {
            await setup.DisposeAsync();
            throw;
        }
    }

    async Task StartServersAsync(CancellationToken ct)
    {
        Names.Set("<dir>", folder);
        Names.Set("<ip>", Nowhere);
        if (recording.Mentions("<postgres>")) Names.Set("<postgres>", await CleanServers.Postgres(ct));
        if (recording.Mentions("<rabbitmq>")) Names.Set("<rabbitmq>", await CleanServers.Rabbit());
        if (recording.Mentions("<redis>"))
        {
            var redis = await CleanServers.Redis(ct);
            servers.Add(redis);
            Names.Set("<redis>", $"127.0.0.1:{redis.Port}");
        }

        Directory.CreateDirectory(Path.Combine(folder, "resources"));
        for (var i = 0; i < recording.Resources.Count; i++) await WriteResourceAsync($"{i}", recording.Resources[i], ct);
        if (recording.Case["config"] is { } config)
            await File.WriteAllTextAsync(Path.Combine(folder, "config.yaml"), Names.Fill(Recording.Compact(Configuration(config))), ct);
        foreach (var (file, content) in new AppScript(recording.Name, "app").About("files") as JsonObject ?? [])
            await File.WriteAllTextAsync(Path.Combine(folder, file), Names.Fill(Recording.Compact(content!)), ct);
    }

    static JsonObject Configuration(JsonNode spec) => new()
    {
        ["apiVersion"] = "dapr.io/v1alpha1", ["kind"] = "Configuration", ["metadata"] = new JsonObject { ["name"] = "config" },
        ["spec"] = spec.DeepClone(),
    };

    /// <summary>JSON is YAML; what is neither was recorded as text.</summary>
    public Task WriteResourceAsync(string name, JsonNode resource, CancellationToken ct) =>
        File.WriteAllTextAsync(Path.Combine(folder, "resources", $"{name}.yaml"),
            Names.Fill(resource is JsonValue ? resource.GetValue<string>() : Recording.Compact(resource)), ct);

    public void RemoveResource(string name) => File.Delete(Path.Combine(folder, "resources", $"{name}.yaml"));

    async Task AddAsync(string app)
    {
        string[] parts = ["app", "http", "grpc", "internal", "metrics", "public", "placement", "scheduler"];
        var ports = parts.ToDictionary(part => part, _ => Ports.Next());
        foreach (var (part, port) in ports) Names.Set($"<port-{app}-{part}>", $"{port}");
        if (app == "app") Names.Set("<port-scheduler>", $"{ports["scheduler"]}");
        var script = new AppScript(recording.Name, app);
        httpPorts[app] = ports[script.About("port")?.ToString() ?? "http"];
        apps[app] = new ScriptedApp(app, ports["app"], script, $"http://127.0.0.1:{ports["http"]}", Clock);
        if (recording.StartsWithApp(app)) await apps[app].UpAsync();
        var environment = EnvironmentVariables();
        foreach (var (name, value) in recording.Case["env"] as JsonObject ?? []) environment[name] = Names.Fill(value!.ToString());
        sidecars[app] = new EmbeddedDaprd(Flags(app, ports), environment, folder, host);
    }

    /// <summary>All that the recorder let daprd see of its machine.</summary>
    Dictionary<string, string> EnvironmentVariables()
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        Names.Set("<path>", path);
        return new() { ["HOME"] = folder, ["LANG"] = "C.UTF-8", ["PATH"] = path };
    }

    List<string> Flags(string app, Dictionary<string, int> ports)
    {
        List<string> flags =
        [
            "--app-id", app, "--dapr-http-port", $"{ports["http"]}", "--dapr-grpc-port", $"{ports["grpc"]}",
            "--resources-path", Path.Combine(folder, "resources"),
        ];
        if (recording.HasApp(app)) flags.AddRange(["--app-port", $"{ports["app"]}"]);
        if (recording.Case["config"] is not null) flags.AddRange(["--config", Path.Combine(folder, "config.yaml")]);
        if (recording.HasPlacement) flags.AddRange(["--placement-host-address", Address("placement")]);
        foreach (var flag in recording.Case["flags"]!.AsArray())
            flags.Add(ports.Aggregate(Names.Fill(flag!.GetValue<string>()), (text, port) =>
                text.Replace($"${app}_{port.Key}", $"{port.Value}", StringComparison.Ordinal)));
        return flags;
    }

    string Address(string service) => Names.Fill($"127.0.0.1:<port-app-{service}>");

    public async ValueTask DisposeAsync()
    {
        foreach (var sidecar in sidecars.Values) await sidecar.DisposeAsync();
        foreach (var app in apps.Values) await app.DisposeAsync();
        await host.DisposeAsync();
        foreach (var server in servers) await server.DisposeAsync();
    }
}
