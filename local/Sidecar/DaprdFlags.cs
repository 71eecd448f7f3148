namespace Ticketing.Sidecar;

/// <summary>The part of <c>daprd</c>'s command line that this program understands.</summary>
static class DaprdFlags
{
    const string HealthCheckSwitch = "enable-app-health-check";

    static readonly string[] Known =
    [
        "app-id", "app-port", "app-health-check-path", "app-health-probe-interval", "app-health-probe-timeout",
        "app-health-threshold", "dapr-http-port", "dapr-grpc-port", "resources-path", "config", "max-body-size",
        "placement-host-address",
    ];

    public static string Usage => $"""
        The embedded sidecar for one app, with flags of daprd: --{HealthCheckSwitch} and, each with a value,
          {string.Join("\n  ", Known.Select(flag => $"--{flag}"))}
        """;

    /// <param name="environment">Where the tokens are looked up.</param>
    /// <exception cref="FormatException">A flag is unknown, lacks its value, or has one that cannot be
    /// used.</exception>
    public static SidecarOptions Parse(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var flags = Split(arguments).ToLookup(flag => flag.Name, flag => flag.Value);
        var options = new SidecarOptions
        {
            AppId = flags["app-id"].LastOrDefault() ?? throw new FormatException("app ID is required: --app-id"),
        };
        return options with
        {
            AppPort = Number("app-port", 0) is var port and > 0 ? port : null,
            HttpPort = Number("dapr-http-port", options.HttpPort),
            GrpcPort = Number("dapr-grpc-port", options.GrpcPort),
            ResourcesPaths = [.. flags["resources-path"].SelectMany(paths => paths.Split(','))],
            ConfigPaths = [.. flags["config"].SelectMany(paths => paths.Split(','))],
            MaxBodyBytes = Bytes(flags["max-body-size"].LastOrDefault()) ?? options.MaxBodyBytes,
            AppHealthCheck = flags[HealthCheckSwitch].Contains("true") ? HealthCheck() : null,
            HasPlacement = flags["placement-host-address"].Any(),
            // As in daprd, unknown metadata of a component is ignored.
            RefuseUnknownFields = false,
            ApiToken = environment.GetValueOrDefault("DAPR_API_TOKEN"),
            AppApiToken = environment.GetValueOrDefault("APP_API_TOKEN"),
        };

        int Number(string name, int otherwise) => flags[name].LastOrDefault() is not { } text ? otherwise
            : int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number
            : throw new FormatException($"invalid argument \"{text}\" for \"--{name}\" flag: not a number");

        AppHealthCheck HealthCheck() => new(
            flags["app-health-check-path"].LastOrDefault() ?? AppHealthCheck.Default.Path,
            TimeSpan.FromSeconds(Number("app-health-probe-interval", 5)),
            TimeSpan.FromMilliseconds(Number("app-health-probe-timeout", 500)),
            Number("app-health-threshold", 3));
    }

    // One dash or two; the value follows "=" or is the next argument. The switch has no value.
    static IEnumerable<(string Name, string Value)> Split(IReadOnlyList<string> arguments)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i].TrimStart('-').Split('=', 2) is not [var name, .. var rest]) continue;
            if (name != HealthCheckSwitch && !Known.Contains(name))
                throw new FormatException($"unknown flag: --{name}");
            if (rest is [var value]) yield return (name, value);
            else if (name == HealthCheckSwitch) yield return (name, "true");
            else if (++i < arguments.Count) yield return (name, arguments[i]);
            else throw new FormatException($"flag needs an argument: --{name}");
        }
    }

    /// <summary>A size in bytes, <c>Ki</c> or <c>Mi</c>.</summary>
    static long? Bytes(string? text)
    {
        if (text is null) return null;
        var shift = text switch { [.., 'K', 'i'] => 10, [.., 'M', 'i'] => 20, _ => 0 };
        var digits = shift == 0 ? text : text[..^2];
        return long.TryParse(digits, CultureInfo.InvariantCulture, out var count)
            ? count << shift
            : throw new FormatException($"invalid value for 'max-body-size' option: {text}");
    }
}
