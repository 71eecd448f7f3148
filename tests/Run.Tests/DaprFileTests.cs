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
    public void A_mistake_is_named(string right, string wrong, string named)
    {
        Assert.Contains(right, Small, StringComparison.Ordinal);
        var refusal = Assert.Throws<StartException>(() => Read(Small.Replace(right, wrong, StringComparison.Ordinal)));
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
    }

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
