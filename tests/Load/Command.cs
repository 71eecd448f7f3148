using System.Diagnostics;

namespace Ticketing.Load;

/// <summary>Other programs, run to their end.</summary>
static class Command
{
    /// <returns>What it printed.</returns>
    /// <exception cref="InvalidOperationException">It failed; with what it printed.</exception>
    public static async Task<string> Run(string folder, CancellationToken ct, params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(ct), process.StandardError.ReadToEndAsync(ct));
        await process.WaitForExitAsync(ct);
        return process.ExitCode == 0 ? await output
            : throw new InvalidOperationException($"{string.Join(' ', command)}: {await errors}{await output}");
    }
}
