using YamlDotNet.RepresentationModel;

namespace Ticketing.Run;

/// <summary>
/// The keys of a run file that the Dapr CLI 1.18 knows. It ignores any other without a word; here a mistyped key is an
/// error, since what it was to set would be missing.
/// </summary>
static class DaprFileKeys
{
    static readonly string[] OfFile = ["version", "name", "common", "apps"];

    static readonly string[] OfCommon =
    [
        "configFilePath", "appProtocol", "apiListenAddresses", "enableProfiling", "logLevel", "appMaxConcurrency",
        "placementHostAddress", "schedulerHostAddress", "resourcesPath", "resourcesPaths", "appSSL", "maxBodySize",
        "readBufferSize", "enableAppHealthCheck", "appHealthCheckPath", "appHealthProbeInterval",
        "appHealthProbeTimeout", "appHealthThreshold", "enableApiLogging", "runtimePath", "env",
        "daprdLogDestination", "appLogDestination",
    ];

    static readonly string[] OfApp =
    [
        .. OfCommon, "appID", "appDirPath", "appChannelAddress", "appPort", "daprHTTPPort", "daprGRPCPort",
        "daprInternalGRPCPort", "metricsPort", "profilePort", "unixDomainSocket", "command", "containerImage",
        "containerImagePullPolicy", "createService",
    ];

    /// <exception cref="StartException">A key that the CLI does not know.</exception>
    public static void Check(string path, YamlStream yaml)
    {
        if (yaml.Documents is not [{ RootNode: YamlMappingNode root }, ..])
            throw new StartException($"{path} is empty or no YAML mapping: it must name version and apps.");
        Check(path, root, OfFile, "a run file");
        if (Value(root, "common") is YamlMappingNode common) Check(path, common, OfCommon, "common");
        if (Value(root, "apps") is not YamlSequenceNode apps) return;
        foreach (var app in apps.OfType<YamlMappingNode>()) Check(path, app, OfApp, "an app");
    }

    static YamlNode? Value(YamlMappingNode map, string key) =>
        map.Children.TryGetValue(key, out var value) ? value : null;

    static void Check(string path, YamlMappingNode map, string[] known, string what)
    {
        foreach (var key in map.Children.Keys)
        {
            if (key is YamlScalarNode { Value: { } name } && known.Contains(name)) continue;
            var meant = known.FirstOrDefault(k => k.Equals($"{key}", StringComparison.OrdinalIgnoreCase));
            throw YamlFile.Mistake(path, key.Start.Line,
                $"{what} has no key {key}{(meant is null ? "" : $", it is written {meant}")}");
        }
    }
}
