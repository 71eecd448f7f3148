using Ticketing.Common;

namespace Ticketing.Run.Tests;

public sealed class EnvironmentFileTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("left-out-").FullName;
    readonly Dictionary<string, string?> environment = [];

    string EnvFile => LeftOutFile.Of(folder, "orders");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_service_gets_every_variable_that_the_runner_wrote()
    {
        using var written = Write(new() { ["PORT"] = "1", ["A"] = "b=c d", ["EMPTY"] = "" });
        Assert.Null(Read("Development"));
        Assert.Equal(("1", "b=c d", ""), (environment["PORT"], environment["A"], environment["EMPTY"]));
    }

    [Fact]
    public void Nothing_is_read_in_production()
    {
        using var written = Write(new() { ["PORT"] = "1" });
        Assert.Null(Read("Production"));
        Assert.Null(Read(null));
        Assert.DoesNotContain("PORT", environment.Keys);
    }

    [Fact]
    public void A_missing_file_says_how_to_start_the_rest() => Assert.Contains(
        "dotnet run --project local/Run -- --leave-out orders", Read("Development"), StringComparison.Ordinal);

    [Fact]
    public void Only_the_user_can_read_the_tokens_and_only_while_the_shop_runs()
    {
        if (OperatingSystem.IsWindows()) return;
        Write(new() { ["PORT"] = "1" });   // of a runner that was killed
        File.SetUnixFileMode(EnvFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        var written = Write(new() { ["TOKEN"] = "secret" });
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(EnvFile));
        Assert.Equal(["TOKEN=secret"], File.ReadAllLines(EnvFile));
        written.Dispose();
        Assert.False(File.Exists(EnvFile));
    }

    string? Read(string? environmentName)
    {
        environment["ASPNETCORE_ENVIRONMENT"] = environmentName;
        environment[EnvironmentFile.Variable] = EnvFile;
        return EnvironmentFile.Read(
            name => environment.GetValueOrDefault(name), (name, value) => environment[name] = value);
    }

    LeftOutFile Write(Dictionary<string, string> env)
    {
        var app = new AppSpec("orders", folder, 1, 2, 3, ["run"], env, [], null, null);
        return new LeftOutFile(new Instance("orders", app, 1, ["run"], env, null) { EnvFile = EnvFile });
    }
}
