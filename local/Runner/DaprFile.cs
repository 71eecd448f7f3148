using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Ticketing.Run;

/// <summary>
/// <c>dapr.yaml</c> as the Dapr CLI 1.18 reads it: app over common, paths of <c>common</c> relative to the file and
/// paths of an app relative to its folder. One difference: the CLI ignores a mistyped key, here it is an error.
/// Keys of the CLI that say how to start daprd are accepted and have no effect.
/// </summary>
public sealed record DaprFile(string Folder, IReadOnlyList<AppSpec> Apps)
{
    public static DaprFile Read(string path)
    {
        path = Path.GetFullPath(path);
        if (!File.Exists(path)) throw new StartException($"{path} is not there: name the run file by --file.");
        var yaml = Parse(path);
        if (yaml.Version == 0) throw new StartException($"{path}: version is missing; the CLI wants a number.");
        if (yaml.Apps is not { Count: > 0 }) throw new StartException($"{path}: apps is missing or empty.");
        var folder = Path.GetDirectoryName(path)!;
        var apps = yaml.Apps.Select(app => Merge(folder, yaml.Common ?? new Settings(), app)).ToList();
        RefuseDuplicates(apps);
        return new DaprFile(folder, apps);
    }

    static Document Parse(string path)
    {
        DaprFileKeys.Check(path, YamlFile.Read(path));
        var reader = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance)
            .IgnoreUnmatchedProperties().Build();
        try
        {
            return reader.Deserialize<Document>(File.ReadAllText(path)) ?? new Document();
        }
        catch (YamlException e)
        {
            throw YamlFile.Mistake(path, e.Start.Line, (e.InnerException ?? e).Message.TrimEnd('.'));
        }
    }

    static AppSpec Merge(string folder, Settings common, App app)
    {
        var id = Required(app.AppID, "an app", "appID");
        var home = Existing(folder, Required(app.AppDirPath, id, "appDirPath"), id, "appDirPath");
        if (app.Command is not { Count: > 0 }) throw new StartException($"app {id}: command is missing.");
        return new AppSpec(
            id, home, Port(app.AppPort), Port(app.DaprHTTPPort), Port(app.DaprGRPCPort), app.Command,
            Env: (common.Env ?? []).Concat(app.Env ?? []).GroupBy(e => e.Key)
                .ToDictionary(e => e.Key, e => e.Last().Value),
            Resources: app.ResourcesPaths is { Count: > 0 }
                ? [.. app.ResourcesPaths.Select(p => Existing(home, p, id, "resourcesPaths"))]
                : [.. (common.ResourcesPaths ?? []).Select(p => Existing(folder, p, "common", "resourcesPaths"))],
            Config: app.ConfigFilePath is { } own ? Readable(Existing(home, own, id, "configFilePath"))
                : common.ConfigFilePath is { } shared
                    ? Readable(Existing(folder, shared, "common", "configFilePath")) : null,
            Health: app.EnableAppHealthCheck || common.EnableAppHealthCheck ? HealthOf(common, app) : null);
    }

    // Zero means "not set", as in the CLI; the defaults are the CLI's.
    static HealthCheck HealthOf(Settings common, App app) => new(
        app.AppHealthCheckPath ?? common.AppHealthCheckPath ?? "/healthz",
        TimeSpan.FromSeconds(First(app.AppHealthProbeInterval, common.AppHealthProbeInterval, 5)),
        TimeSpan.FromMilliseconds(First(app.AppHealthProbeTimeout, common.AppHealthProbeTimeout, 500)),
        First(app.AppHealthThreshold, common.AppHealthThreshold, 3));

    // To the CLI -1 is a port that the file leaves open.
    static int Port(int said) => Math.Max(said, 0);

    static int First(int app, int common, int otherwise) => app != 0 ? app : common != 0 ? common : otherwise;

    static string Required(string? value, string where, string key) => string.IsNullOrWhiteSpace(value)
        ? throw new StartException($"{where}: {key} is missing; add it to the run file.") : value;

    static string Existing(string folder, string path, string where, string key)
    {
        var full = Path.GetFullPath(path, folder);
        return Path.Exists(full) ? full : throw new StartException($"{where}: {key} {path} is not there ({full}).");
    }

    static string Readable(string path)
    {
        YamlFile.Read(path);
        return path;
    }

    static void RefuseDuplicates(List<AppSpec> apps)
    {
        if (apps.GroupBy(a => a.Id).FirstOrDefault(g => g.Count() > 1) is { } twins)
            throw new StartException($"app {twins.Key} is listed twice.");
        var ports = apps.SelectMany(a => a.Ports.Select(p => (Port: p, App: a.Id)));
        if (ports.GroupBy(p => p.Port).FirstOrDefault(g => g.Count() > 1) is { } clash)
        {
            var both = string.Join(" and ", clash.Select(c => c.App));
            throw new StartException($"port {clash.Key} is used twice: {both}.");
        }
    }

    sealed class Document
    {
        public int Version { get; set; }
        public string? Name { get; set; }
        public Settings? Common { get; set; }
        public List<App>? Apps { get; set; }
    }

    class Settings
    {
        public string? ConfigFilePath { get; set; }
        public List<string>? ResourcesPaths { get; set; }
        public bool EnableAppHealthCheck { get; set; }
        public string? AppHealthCheckPath { get; set; }
        public int AppHealthProbeInterval { get; set; }
        public int AppHealthProbeTimeout { get; set; }
        public int AppHealthThreshold { get; set; }
        public Dictionary<string, string>? Env { get; set; }
    }

    sealed class App : Settings
    {
        [YamlMember(Alias = "appID", ApplyNamingConventions = false)] public string? AppID { get; set; }
        public string? AppDirPath { get; set; }
        public int AppPort { get; set; }
        [YamlMember(Alias = "daprHTTPPort", ApplyNamingConventions = false)] public int DaprHTTPPort { get; set; }
        [YamlMember(Alias = "daprGRPCPort", ApplyNamingConventions = false)] public int DaprGRPCPort { get; set; }
        public List<string>? Command { get; set; }
    }
}
