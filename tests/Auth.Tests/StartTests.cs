using System.Diagnostics;
using Ticketing.Testing;

namespace Ticketing.Auth.Tests;

/// <summary>Settings for tests and developers are refused in production.</summary>
public sealed class StartTests
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("Passwords__Iterations", "1000", "Passwords:Iterations is 1000")]
    [InlineData("APP_API_TOKEN", "local-app-token", "APP_API_TOKEN is the development secret")]
    public async Task A_process_that_must_not_run_ends_with_one_line(string name, string value, string why)
    {
        var start = new ProcessStartInfo("dotnet", [Repository.At("services/Auth/bin/Debug/net10.0/Ticketing.Auth.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Production", ["DOTNET_ENVIRONMENT"] = "Production",
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0", [name] = value,
                ["Logging__Console__FormatterName"] = "simple",
                ["Logging__Console__FormatterOptions__SingleLine"] = "true",
            },
        };
        using var auth = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        var (output, errors) = (auth.StandardOutput.ReadToEndAsync(patience.Token), auth.StandardError.ReadToEndAsync(patience.Token));
        try
        {
            await auth.WaitForExitAsync(patience.Token);
        }
        finally
        {
            if (!auth.HasExited)
                auth.Kill();
        }
        Assert.Equal(1, auth.ExitCode);
        var said = await output + await errors;
        var line = Assert.Single(said.Split('\n'), line => line.Contains("Refused to start", StringComparison.Ordinal));
        Assert.Contains(why, line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cookies_for_plain_http_are_told()
    {
        await using var auth = await AuthHost.Open(args: [.. AuthHost.Production, "--Cookies:AllowHttp=true"]);
        Assert.Contains(auth.Host.Logs.All, line => line.Contains("Cookies:AllowHttp is on", StringComparison.Ordinal));
    }
}
