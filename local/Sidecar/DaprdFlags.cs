namespace Ticketing.Sidecar;

/// <summary>The command line of <c>daprd</c>, so that this program can stand where that one is expected.</summary>
/// <remarks>
/// Flags of parts that do not exist here (certificates, metrics, profiling…) are accepted and mean nothing.
/// </remarks>
static class DaprdFlags
{
    static readonly HashSet<string> Switches =
    [
        "enable-app-health-check", "enable-api-logging", "enable-mtls", "enable-profiling", "enable-metrics", "app-ssl",
        "log-as-json", "disable-builtin-k8s-secret-store", "version", "build-info", "wait", "refuse-unknown-fields",
    ];

    static readonly HashSet<string> Ignored =
    [
        "mode", "dapr-internal-grpc-port", "dapr-internal-grpc-listen-address", "dapr-listen-addresses",
        "dapr-public-port", "dapr-public-listen-address", "allowed-origins", "unix-domain-socket", "profile-port",
        "metrics-port", "metrics-listen-address",
        "control-plane-address", "control-plane-trust-domain", "control-plane-namespace", "sentry-address",
        "sentry-request-jwt-audiences", "dapr-block-shutdown-duration", "scheduler-job-streams",
        "actors-disseminate-timeout", "hot-reload-reconcile-interval", "app-binding-options-timeout",
        "reminders-service", "actors-service", "log-level",
    ];

    static readonly HashSet<string> Values =
    [
        "app-id", "app-port", "app-protocol", "app-channel-address", "app-max-concurrency",
        "app-health-check-path", "app-health-probe-interval", "app-health-probe-timeout", "app-health-threshold",
        "dapr-http-port", "dapr-grpc-port", "dapr-graceful-shutdown-seconds",
        "resources-path", "components-path", "config", "disable-init-endpoints",
        "max-body-size", "dapr-http-max-request-size", "read-buffer-size", "dapr-http-read-buffer-size",
        "placement-host-address", "scheduler-host-address",
    ];

    /// <exception cref="FormatException">A flag is unknown, lacks its value, or has one that cannot be
    /// used.</exception>
    public static SidecarOptions Parse(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var flags = Split(arguments);
        var defaults = new SidecarOptions { AppId = Last(flags, "app-id", "") };
        if (defaults.AppId.Length == 0) throw new FormatException("app ID is required: --app-id");
        return defaults with
        {
            AppPort = Number(flags, "app-port", 0) is var port and > 0 ? port : null,
            AppProtocol = Last(flags, "app-protocol", "http"),
            AppAddress = Last(flags, "app-channel-address", "127.0.0.1"),
            AppMaxConcurrency = Number(flags, "app-max-concurrency", -1),
            HttpPort = Number(flags, "dapr-http-port", 3500),
            GrpcPort = Number(flags, "dapr-grpc-port", 50001),
            ResourcesPaths = [.. All(flags, "resources-path").Concat(All(flags, "components-path"))],
            ConfigPaths = [.. All(flags, "config")],
            MaxBodyBytes = Bytes(flags, "max-body-size", "dapr-http-max-request-size", 20, defaults.MaxBodyBytes),
            ReadBufferBytes = (int)Bytes(flags, "read-buffer-size", "dapr-http-read-buffer-size", 10,
                defaults.ReadBufferBytes),
            GracefulShutdown = TimeSpan.FromSeconds(Number(flags, "dapr-graceful-shutdown-seconds", 5)),
            AppHealthCheck = Last(flags, "enable-app-health-check", "false") == "true" ? HealthCheck(flags) : null,
            DisabledInitEndpoints = [.. All(flags, "disable-init-endpoints")],
            HasPlacement = All(flags, "placement-host-address").Any(),
            HasScheduler = All(flags, "scheduler-host-address").Any(),
            RefuseUnknownFields = Last(flags, "refuse-unknown-fields", "false") == "true",
            ApiToken = environment.GetValueOrDefault("DAPR_API_TOKEN"),
            AppApiToken = environment.GetValueOrDefault("APP_API_TOKEN"),
            Namespace = environment.GetValueOrDefault("NAMESPACE", ""),
            Variables = WithOwn(environment, flags, defaults.AppId),
        };
    }

    // daprd adds to its environment what it was told, and whoever reads the environment through it sees that.
    static Dictionary<string, string> WithOwn(
        IReadOnlyDictionary<string, string> environment, List<(string Name, string Value)> flags, string appId) =>
        new(environment)
        {
            ["APP_ID"] = appId,
            ["APP_PORT"] = Last(flags, "app-port", "0"),
            ["HOST_ADDRESS"] = environment.GetValueOrDefault("DAPR_HOST_IP", "127.0.0.1"),
        };

    static AppHealthCheck HealthCheck(List<(string Name, string Value)> flags) => new(
        Last(flags, "app-health-check-path", "/healthz"),
        TimeSpan.FromSeconds(Number(flags, "app-health-probe-interval", 5)),
        TimeSpan.FromMilliseconds(Number(flags, "app-health-probe-timeout", 500)),
        Number(flags, "app-health-threshold", 3));

    // One dash or two, value behind "=" or in the next argument; a switch without a value is on.
    static List<(string Name, string Value)> Split(IReadOnlyList<string> arguments)
    {
        var flags = new List<(string, string)>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i].TrimStart('-');
            if (argument.Length == arguments[i].Length) continue;
            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? argument : argument[..equals];
            if (Switches.Contains(name)) flags.Add((name, equals < 0 ? "true" : argument[(equals + 1)..]));
            else if (!Values.Contains(name) && !Ignored.Contains(name))
                throw new FormatException($"unknown flag: --{name}");
            else if (equals >= 0) flags.Add((name, argument[(equals + 1)..]));
            else if (++i < arguments.Count) flags.Add((name, arguments[i]));
            else throw new FormatException($"flag needs an argument: --{name}");
        }

        return flags;
    }

    static IEnumerable<string> All(List<(string Name, string Value)> flags, string name) => flags
        .Where(flag => flag.Name == name)
        .SelectMany(flag => flag.Value.Split(',',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    static string Last(List<(string Name, string Value)> flags, string name, string otherwise) =>
        flags.FindLast(flag => flag.Name == name) is { Name: not null } flag ? flag.Value : otherwise;

    static int Number(List<(string Name, string Value)> flags, string name, int otherwise)
    {
        var text = Last(flags, name, "");
        if (text.Length == 0) return otherwise;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number : throw new FormatException($"invalid argument \"{text}\" for \"--{name}\" flag: not a number");
    }

    /// <param name="deprecated">The flag's older form, a bare number of units of two to the power of
    /// <paramref name="shift"/>.</param>
    static long Bytes(List<(string Name, string Value)> flags, string name, string deprecated, int shift,
        long otherwise)
    {
        var text = Last(flags, name, "");
        if (text.Length == 0)
            return Number(flags, deprecated, 0) is var units and > 0 ? (long)units << shift : otherwise;
        var digits = text.TrimEnd("KMGTi".ToCharArray());
        long? unit = text[digits.Length..] switch
        {
            "" => 1,
            "k" or "K" => 1000,
            "M" => 1_000_000,
            "G" => 1_000_000_000,
            "Ki" => 1 << 10,
            "Mi" => 1 << 20,
            "Gi" => 1 << 30,
            _ => null,
        };
        return unit is not null && long.TryParse(digits, CultureInfo.InvariantCulture, out var count)
            ? count * unit.Value : throw new FormatException($"invalid value for '{name}' option: {text}");
    }
}
