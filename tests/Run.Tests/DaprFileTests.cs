namespace Ticketing.Run.Tests;

public sealed class DaprFileTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("dapr-file-").FullName;

    public DaprFileTests()
    {
        Directory.CreateDirectory(Path.Combine(folder, "a"));
        Directory.CreateDirectory(Path.Combine(folder, "parts"));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    const string Small = """
        version: 1
        common:
          resourcesPaths: [./parts]
          enableAppHealthCheck: true
          appHealthThreshold: 2
          env: { ONE: common, TWO: common }
        apps:
          - appID: a
            appDirPath: a
            appPort: 5001
            daprHTTPPort: 3501
            command: [run, it]
            env: { TWO: app }
        """;

    [Fact]
    public void What_an_app_says_wins_over_common_and_paths_are_absolute()
    {
        var app = Assert.Single(Read(Small).Apps);

        Assert.Equal(Path.Combine(folder, "a"), app.Folder);
        Assert.Equal([Path.Combine(folder, "parts")], app.Resources);
        Assert.Equal("common", app.Env["ONE"]);
        Assert.Equal("app", app.Env["TWO"]);
        var health = new HealthCheck("/healthz", TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(500), Threshold: 2);
        Assert.Equal(health, app.Health);
        Assert.Equal([5001, 3501], app.Ports);
    }

    [Theory]
    [InlineData("version: 1", "version: 0", "version is missing")]
    [InlineData("appID: a", "name: a", "name")]
    [InlineData("appDirPath: a", "appDirPath: b", "appDirPath b is not there")]
    [InlineData("command: [run, it]", "command: []", "command is missing")]
    [InlineData("./parts", "./nowhere", "resourcesPaths ./nowhere is not there")]
    [InlineData("daprHTTPPort: 3501", "daprHttpPort: 3501", "daprHttpPort")]
    [InlineData("daprHTTPPort: 3501", "daprHTTPPort: 5001", "port 5001 is used twice")]
    [InlineData("enableAppHealthCheck: true", "enableAppHealthcheck: true", "enableAppHealthcheck")]
    [InlineData("appPort: 5001", "appPort: many", "line 10")]
    [InlineData("appPort: 5001", "appPrt: 5001", "line 10: an app has no key appPrt; correct it there.")]
    [InlineData("appPort: 5001", "appport: 5001", "it is written appPort")]
    [InlineData("common:", "commn:", "line 2: a run file has no key commn")]
    [InlineData("command: [run, it]", "command: [run, it", "line 12: this is not YAML")]
    [InlineData("appHealthThreshold: 2", "appHealthThreshold: [2]", "line 5")]
    [InlineData("apps:", "app: &a", "a run file has no key app")]
    public void A_mistake_is_named(string right, string wrong, string named)
    {
        Assert.Contains(right, Small, StringComparison.Ordinal);
        var refusal = Assert.Throws<StartException>(() => Read(Small.Replace(right, wrong, StringComparison.Ordinal)));
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
    }

    // Each key of the CLI 1.18, also those that only say how to start daprd.
    [Fact]
    public void A_file_for_the_cli_is_read()
    {
        var file = Read("""
            version: 1
            name: all
            common:
              appProtocol: http
              apiListenAddresses: 127.0.0.1
              enableProfiling: true
              logLevel: debug
              appMaxConcurrency: -1
              placementHostAddress: localhost:50005
              schedulerHostAddress: localhost:50006
              resourcesPath: ./parts
              appSSL: false
              maxBodySize: 4Mi
              readBufferSize: 4Ki
              enableApiLogging: true
              runtimePath: /opt/dapr
              daprdLogDestination: fileAndConsole
              appLogDestination: console
            apps:
              - appID: a
                appDirPath: a
                appChannelAddress: 127.0.0.1
                appPort: 5001
                daprHTTPPort: -1
                daprInternalGRPCPort: 6001
                metricsPort: 9091
                profilePort: 7777
                unixDomainSocket: /tmp/sockets
                containerImage: example.org/a:1
                containerImagePullPolicy: Always
                createService: true
                logLevel: info
                command: [run, it]
            """);

        Assert.Equal([5001], Assert.Single(file.Apps).Ports);
    }

    [Fact]
    public void A_configuration_that_is_not_YAML_is_named_with_its_line()
    {
        File.WriteAllText(Path.Combine(folder, "config.yaml"), "kind: Configuration\nspec: {\n");
        var refusal = Assert.Throws<StartException>(() =>
            Read(Small.Replace("resourcesPaths: [./parts]", "configFilePath: config.yaml", StringComparison.Ordinal)));
        Assert.Contains($"{folder}/config.yaml, line 3: this is not YAML", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing yet")]
    [InlineData("- a list")]
    public void A_file_without_anything_in_it_is_refused(string yaml) => Assert.Contains(
        "must name version and apps", Assert.Throws<StartException>(() => Read(yaml)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_missing_file_is_named()
    {
        var refusal = Assert.Throws<StartException>(() => DaprFile.Read(Path.Combine(folder, "no.yaml")));
        Assert.Contains("no.yaml", refusal.Message, StringComparison.Ordinal);
    }

    DaprFile Read(string yaml)
    {
        var path = Path.Combine(folder, "dapr.yaml");
        File.WriteAllText(path, yaml);
        return DaprFile.Read(path);
    }
}
