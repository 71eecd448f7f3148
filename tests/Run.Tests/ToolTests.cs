using System.Diagnostics;

namespace Ticketing.Run.Tests;

/// <summary>Exit codes that scripts can use: 0 for help, 2 for a wrong command line.</summary>
public sealed class ToolTests
{
    public static TheoryData<string> Tools =>
        ["local/Runner", "local/Sidecar", "local/Stripe", "local/Ingress", "tests/Load"];

    [Theory, MemberData(nameof(Tools))]
    public async Task Every_tool_explains_itself(string tool)
    {
        var (code, output, errors) = await Run(tool, "--help");
        Assert.Equal(0, code);
        Assert.Equal("", errors);
        Assert.True(output.Split('\n').Length > 3, output);
    }

    [Theory, MemberData(nameof(Tools))]
    public async Task Every_tool_refuses_an_unknown_option_in_one_line(string tool)
    {
        var (code, output, errors) = await Run(tool, "--no-such-option");
        Assert.Equal(2, code);
        Assert.Equal("", output);
        Assert.Contains("no-such-option", Assert.Single(errors.Trim().Split('\n')), StringComparison.Ordinal);
    }

    static async Task<(int Code, string Output, string Errors)> Run(string tool, string argument)
    {
        var name = tool == "local/Runner" ? "Run" : Path.GetFileName(tool);
        var program = Repository.At($"{tool}/bin/Debug/net10.0/Ticketing.{name}.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, argument])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var ct = TestContext.Current.CancellationToken;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(ct), process.StandardError.ReadToEndAsync(ct));
        await process.WaitForExitAsync(ct);
        return (process.ExitCode, await output, await errors);
    }
}
