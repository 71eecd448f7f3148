using System.Diagnostics;
using System.Text.Json;
using YamlDotNet.RepresentationModel;

namespace Ticketing.Run.Tests;

/// <summary>The dapr.yaml of this repository, which both the CLI and local/Run read.</summary>
public sealed class OurDaprFileTests
{
    static readonly string Text = File.ReadAllText(Repository.At("dapr.yaml"));
    static readonly YamlMappingNode Document = Load();
    static readonly IReadOnlyDictionary<string, YamlMappingNode> Apps =
        ((YamlSequenceNode)Document["apps"]).Cast<YamlMappingNode>().ToDictionary(a => a["appID"].ToString());

    [Fact]
    public void Every_app_of_a_working_shop_is_listed() => Assert.Equal(
        ["auth", "expiration", "ingress", "orders", "payments", "stripe", "tickets", "web"], Apps.Keys.Order());

    [Theory]
    [InlineData("auth", 5001, 3501, 3511)]
    [InlineData("tickets", 5002, 3502, 3512)]
    [InlineData("orders", 5003, 3503, 3513)]
    [InlineData("expiration", 5004, 3504, 3514)]
    [InlineData("payments", 5005, 3505, 3515)]
    [InlineData("web", 5006, 3506, 3516)]
    public void A_service_listens_where_its_sidecar_looks(string app, int port, int http, int grpc)
    {
        Assert.Equal($"{port}", Apps[app]["appPort"].ToString());
        Assert.Equal($"{http}", Apps[app]["daprHTTPPort"].ToString());
        Assert.Equal($"{grpc}", Apps[app]["daprGRPCPort"].ToString());
        Assert.Equal($"http://localhost:{port}", Apps[app]["env"]["ASPNETCORE_URLS"].ToString());
    }

    // A port that the system gives to outgoing connections can be blocked for a minute after one has ended.
    [Fact]
    public void No_port_is_one_of_those_for_outgoing_connections()
    {
        const int firstOfLinux = 32768;   // those of Windows and macOS begin at 49152
        var ports = Apps.Values.SelectMany(app => new[] { "appPort", "daprHTTPPort", "daprGRPCPort" }
            .Where(key => app.Children.ContainsKey(key)).Select(key => int.Parse(app[key].ToString(), null)));
        Assert.All(ports, port => Assert.InRange(port, 1024, firstOfLinux - 1));
    }

    [Fact]
    public void The_ingress_sends_each_service_to_its_own_port()
    {
        var routes = ((YamlMappingNode)Apps["ingress"]["env"]).Children
            .Where(e => e.Key.ToString().StartsWith("Ingress__Services__", StringComparison.Ordinal)).ToList();
        Assert.Equal(5, routes.Count);
        Assert.All(routes, route =>
            Assert.Equal(Apps[route.Key.ToString().Split("__")[^1]]["env"]["ASPNETCORE_URLS"], route.Value));
    }

    [Fact]
    public async Task The_command_that_starts_the_shop_builds_every_app()
    {
        string[] question = ["msbuild", Repository.At("local/Run/Run.proj"), "-getItem:Shop"];
        using var msbuild = Process.Start(new ProcessStartInfo("dotnet", question) { RedirectStandardOutput = true })!;
        using var answer = await JsonDocument.ParseAsync(
            msbuild.StandardOutput.BaseStream, default, TestContext.Current.CancellationToken);
        var built = answer.RootElement.GetProperty("Items").GetProperty("Shop").EnumerateArray()
            .Select(project => Path.GetDirectoryName(project.GetProperty("FullPath").GetString()));
        string[] folders = [.. Apps.Values.Select(app => app["appDirPath"].ToString()), "local/Runner"];
        Assert.Equal(folders.Select(Repository.At).Order(), built.Order());
    }

    // Eight `dotnet run` at once write into the same obj folders and break each other's build.
    [Fact]
    public void No_command_builds() => Assert.All(Apps.Values, app =>
        Assert.Matches(@"^bin/Debug/net10\.0/Ticketing\.\w+\.dll$", ((YamlSequenceNode)app["command"])[1].ToString()));

    // The CLI runs app and sidecar in appDirPath; paths of secrets, data and configuration are relative to it.
    [Fact]
    public void Paths_are_relative_and_two_folders_deep()
    {
        var paths = Text.Replace(": /health/live", "", StringComparison.Ordinal);
        Assert.DoesNotContain(": /", paths, StringComparison.Ordinal);
        Assert.All(Apps.Values, app => Assert.Matches(@"^(services|local)/\w+$", app["appDirPath"].ToString()));
        Assert.All(Apps.Where(a => a.Key is not ("stripe" or "ingress")), app =>
            Assert.Equal($"../../components/config/{app.Key}.yaml", app.Value["configFilePath"].ToString()));
        Assert.All(Directory.GetFiles(Repository.At("components/config")).Select(Path.GetFileNameWithoutExtension),
            name => Assert.Contains(name!, Apps.Keys));
    }

    [Fact]
    public void A_dead_app_is_noticed_within_three_seconds()
    {
        var common = Document["common"];
        Assert.Equal("true", common["enableAppHealthCheck"].ToString());
        Assert.Equal("/health/live", common["appHealthCheckPath"].ToString());
        Assert.Equal("1", common["appHealthProbeInterval"].ToString());
        Assert.Equal("2", common["appHealthThreshold"].ToString());
    }

    // Unbounded on purpose: with a bound, apps that call back through their sidecar deadlock.
    [Fact]
    public void No_app_bounds_its_concurrency() =>
        Assert.DoesNotContain("appMaxConcurrency", Text, StringComparison.Ordinal);

    static YamlMappingNode Load()
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(Text));
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }
}
