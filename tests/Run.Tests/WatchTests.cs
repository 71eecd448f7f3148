using System.Diagnostics;

namespace Ticketing.Run.Tests;

/// <summary><c>--watch</c>, with a small app and a library of its own.</summary>
public sealed class WatchTests : IDisposable
{
    const string Project = """
        <Project Sdk="Microsoft.NET.Sdk.Web">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <OutputType>OUTPUT</OutputType>
          </PropertyGroup>
          <ItemGroup>REFERENCES</ItemGroup>
        </Project>
        """;

    static readonly HttpClient Http = new();
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static readonly int Port = Ports.Free();
    static readonly Uri App = new($"http://localhost:{Port}");

    readonly string folder = RunnerProcess.Folder([], $$"""
          - appID: one
            appDirPath: apps/one
            appPort: {{Port}}
            daprHTTPPort: {{Ports.Free()}}
            daprGRPCPort: {{Ports.Free()}}
            command: [dotnet, bin/Debug/net10.0/one.dll]
            env: { ASPNETCORE_URLS: "http://localhost:{{Port}}", Logging__LogLevel__Default: Warning }
        """);

    public WatchTests()
    {
        Write("apps/one/one.csproj", Project.Replace("OUTPUT", "Exe", StringComparison.Ordinal)
            .Replace("REFERENCES", """<ProjectReference Include="../../lib/lib.csproj" />""", StringComparison.Ordinal));
        Write("lib/lib.csproj", Project.Replace("OUTPUT", "Library", StringComparison.Ordinal)
            .Replace("REFERENCES", "", StringComparison.Ordinal));
        Write("lib/Answer.cs", Answer("\"first\""));
        Write("apps/one/Program.cs", """
            var app = WebApplication.Create(args);
            app.MapGet("/dapr/subscribe", () => Array.Empty<string>());
            app.MapFallback(() => Answer.Text);
            app.Run();
            """);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_changed_source_is_built_and_its_app_started_again()
    {
        await Build();
        await using var runner = RunnerProcess.StartIn(folder, "--watch", "one");
        await runner.WaitForLine("Ticketing is ready");
        Assert.Equal("first", await Ask());

        Write("lib/Answer.cs", Answer("wrong"));
        Assert.Contains("lib", await runner.WaitForLine("error CS0103"), StringComparison.Ordinal);
        await runner.WaitForLine("does not build: the old one goes on.");
        Assert.Equal("first", await Ask());

        Write("lib/Answer.cs", Answer("\"second\""));
        await runner.WaitForLine("built; it is started again.");
        await Eventually.Is(async () => await Ask() == "second");
    }

    [Fact]
    public void The_folders_of_all_referenced_projects_are_watched() => Assert.Equal(
        new[] { Path.Combine(folder, "apps/one"), Path.Combine(folder, "lib") },
        SourceWatch.Folders(Path.Combine(folder, "apps/one/one.csproj")).Order());

    static async Task<string> Ask()
    {
        try
        {
            return await Http.GetStringAsync(App, Ct);
        }
        catch (HttpRequestException e)
        {
            return e.Message;   // being started again
        }
    }

    static string Answer(string value) => $"public static class Answer {{ public static string Text => {value}; }}";

    void Write(string path, string text)
    {
        path = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    async Task Build()
    {
        using var build = Process.Start("dotnet", ["build", Path.Combine(folder, "apps/one"), "-v", "q", "-nologo",
            "-nodeReuse:false", "-p:UseSharedCompilation=false"]);
        await build.WaitForExitAsync(Ct);
        Assert.Equal(0, build.ExitCode);
    }
}
