using System.Net;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Ticketing.Ingress;

/// <summary>The rules of an Ingress manifest: path prefix to service. Hosts are ignored.</summary>
sealed record RoutingTable(IReadOnlyList<RoutingTable.Rule> Rules)
{
    public sealed record Rule(string Prefix, string Service);

    /// <exception cref="InvalidDataException">Not YAML, no Ingress with paths, or an unsupported path type.</exception>
    public static RoutingTable Read(string path)
    {
        var reader = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance)
            .IgnoreUnmatchedProperties().Build();
        var parser = new Parser(new StringReader(File.ReadAllText(path)));
        Manifest? manifest;
        try
        {
            manifest = reader.Deserialize<Manifest>(parser);
        }
        // The library's scanner throws the second after a bracket that is not closed; it names no line.
        catch (Exception e) when (e is YamlException or InvalidOperationException)
        {
            var (line, reason) = e is YamlException { Start.Line: var at, InnerException: not InvalidOperationException }
                ? (at, (e.InnerException ?? e).Message.TrimEnd('.'))
                : (parser.Current?.End.Line ?? 1, "what is opened here is not closed");
            throw new InvalidDataException(
                $"{Path.GetFullPath(path)}, line {line}: {reason}; correct it there.", e);
        }

        if (manifest?.Kind != "Ingress") throw new InvalidDataException($"{path} contains no Ingress.");
        var paths = manifest.Spec.Rules.SelectMany(rule => rule.Http.Paths).ToList();
        if (paths.Count == 0) throw new InvalidDataException($"{path} has no paths.");
        if (paths.Find(p => p.PathType != "Prefix") is { } other)
            throw new InvalidDataException($"{path}: {other.Path} is {other.PathType}; only Prefix is supported.");
        return new([.. paths.Select(p => new Rule(p.Path.TrimEnd('/'), p.Backend.Service.Name))]);
    }

    /// <summary>Adds a route for each name: <c>/flow</c> to the service <c>flow</c>.</summary>
    public RoutingTable With(IEnumerable<string> names) =>
        new([.. Rules, .. names.Select(name => new Rule($"/{name}", name))]);

    public IEnumerable<string> ServiceNames => Rules.Select(rule => rule.Service).Distinct();

    // The longest prefix wins, as in the cluster: YARP prefers the more specific pattern.
    public IReadOnlyList<RouteConfig> Routes => [.. Rules.Select(rule => new RouteConfig
    {
        RouteId = rule.Prefix.Length == 0 ? "/" : rule.Prefix,
        ClusterId = rule.Service,
        Match = new RouteMatch { Path = $"{rule.Prefix}/{{**rest}}" },
    })];

    public IReadOnlyList<ClusterConfig> Clusters(TimeSpan silenceMax) =>
    [
        .. ServiceNames.Select(service => new ClusterConfig
        {
            ClusterId = service,
            Destinations = new Dictionary<string, DestinationConfig>
            {
                [service] = new() { Address = $"http://{service}/" },
            },
            HttpRequest = new ForwarderRequestConfig { ActivityTimeout = silenceMax, Version = HttpVersion.Version11 },
        }),
    ];

    sealed class Manifest
    {
        public string Kind { get; set; } = "";
        public ManifestSpec Spec { get; set; } = new();
    }

    sealed class ManifestSpec
    {
        public List<HostRule> Rules { get; set; } = [];
    }

    sealed class HostRule
    {
        public HttpRule Http { get; set; } = new();
    }

    sealed class HttpRule
    {
        public List<PathRule> Paths { get; set; } = [];
    }

    sealed class PathRule
    {
        public string Path { get; set; } = "";
        public string PathType { get; set; } = "";
        public Backend Backend { get; set; } = new();
    }

    sealed class Backend
    {
        public ServiceReference Service { get; set; } = new();
    }

    sealed class ServiceReference
    {
        public string Name { get; set; } = "";
    }
}
