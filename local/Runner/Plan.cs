using System.Globalization;
using System.Reflection;
using Ticketing.Run.Pages;

namespace Ticketing.Run;

/// <summary>
/// What will be started: every port, command and environment, decided before the first process starts.
/// </summary>
/// <param name="FlowPort">The runner's own port for the flow page; browsers reach it through the ingress.</param>
public sealed record Plan(string Data, IReadOnlyList<Instance> Instances, int FlowPort)
{
    /// <summary>The data folder as <c>dapr.yaml</c> and the components name it: relative to an app's folder.</summary>
    public const string DataFolder = "../../.data";

    const string IngressServices = "Ingress__Services__", HoldSetting = "Orders__HoldSeconds";
    const string IngressExtra = "Ingress__Extra__flow", FlowPath = "Flow__Path";

    /// <summary><c>Debug</c> or <c>Release</c>.</summary>
    public static string BuildConfiguration { get; } =
        typeof(Plan).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "Debug";

    public Instance? Ingress => Instances.FirstOrDefault(instance => instance.App.IsIngress);

    /// <param name="configuration">Of the build; null: this program's own.</param>
    public static Plan Make(
        DaprFile file, RunOptions options, Func<int> freePort, Func<string> newToken, string? configuration = null)
    {
        RefuseUnknown(file, "--leave-out", options.LeaveOut);
        RefuseUnknown(file, "--watch", options.Watch);
        // The file names the binaries of `dotnet build`; `dotnet run -c Release` has built others.
        file = file with { Apps = [.. file.Apps.Select(app => Built(app, configuration ?? BuildConfiguration))] };
        var data = Path.GetFullPath(options.Data, file.Folder);
        var ports = new PortMap(file.Apps, options, freePort);
        IReadOnlyList<Instance> instances = [.. file.Apps.SelectMany(app => ports.Of(app).Select(Instance (own, replica) =>
        {
            var sidecar = app.HasSidecar ? new SidecarPorts(own.Http, own.Grpc, newToken(), newToken()) : null;
            var env = FromTheCli(app, own.App, sidecar);
            foreach (var (key, value) in app.Env)
                env[key] = key.StartsWith(IngressServices, StringComparison.Ordinal) ? ports.TranslateToAll(value)
                    : key == HoldSetting && options.Hold is { } hold ? Text(hold)
                    : Here(value);
            var name = replica == 0 ? app.Id : $"{app.Id}-{replica + 1}";
            IReadOnlyList<string> command = [.. app.Command.Select(Here)];
            var isWatched = options.Watch.Contains(app.Id);
            if (isWatched) command = WatchedApp.Command(command, data, app.Id);
            return new(name, app, own.App, command, env, sidecar)
            {
                EnvFile = options.LeaveOut.Contains(app.Id) ? LeftOutFile.Of(file.Folder, app.Id) : null,
                IsWatched = isWatched,
            };

            string Here(string text) =>
                ports.Translate(text, app, replica).Replace(DataFolder, data, StringComparison.Ordinal);
        }))];

        var flow = freePort();
        return new Plan(data, [.. instances.Select(instance => ShowFlow(instance, flow))], flow);
    }

    static AppSpec Built(AppSpec app, string configuration) => app with
    {
        Command = [.. app.Command.Select(text =>
            text.Replace("bin/Debug/", $"bin/{configuration}/", StringComparison.Ordinal))],
    };

    static void RefuseUnknown(DaprFile file, string option, IReadOnlyList<string> apps)
    {
        string[] known = [.. file.Apps.Where(app => app.HasSidecar).Select(app => app.Id)];
        if (apps.FirstOrDefault(app => !known.Contains(app)) is { } unknown)
            throw new StartException(
                $"{option} {unknown}: no such app with a sidecar; known: {string.Join(", ", known)}.");
    }

    /// <summary>The flow page exists only in the runner. The cluster's manifest has no such route, and without this
    /// setting the site shows no link to it.</summary>
    static Instance ShowFlow(Instance instance, int port) => instance with
    {
        Env = new Dictionary<string, string>(instance.Env)
        {
            [instance.App.IsIngress ? IngressExtra : FlowPath] =
                instance.App.IsIngress ? $"http://localhost:{port}" : FlowServer.Path,
        },
    };

    /// <summary>The environment that the Dapr CLI sets; the file's own <c>env</c> overrides it.</summary>
    static Dictionary<string, string> FromTheCli(AppSpec app, int port, SidecarPorts? sidecar)
    {
        var env = new Dictionary<string, string>
        {
            ["APP_ID"] = app.Id,
            ["APP_PROTOCOL"] = "http",
            ["APP_PORT"] = Text(port),
        };
        if (sidecar is null) return env;
        env["DAPR_HTTP_PORT"] = Text(sidecar.Http);
        env["DAPR_GRPC_PORT"] = Text(sidecar.Grpc);
        env["DAPR_API_TOKEN"] = sidecar.ApiToken;
        env["APP_API_TOKEN"] = sidecar.AppApiToken;
        return env;
    }

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
