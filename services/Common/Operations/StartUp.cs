using System.Data.Common;
using System.Net.Sockets;
#pragma warning disable IDE0005 // The ingress and the Stripe server compile this file too, and use them all.
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
#pragma warning restore IDE0005

namespace Ticketing.Common;

/// <summary>Runs an app. If it cannot start because of its settings or the machine, it ends with one sentence on the
/// error output instead of a stack trace.</summary>
public static class StartUp
{
    /// <summary>EX_CONFIG of <c>sysexits.h</c>: another start would end in the same way.</summary>
    public const int BadConfiguration = 78;

    const int Failed = 1;

    /// <returns>The exit code of the process.</returns>
    public static async Task<int> Run(Func<WebApplication> build)
    {
        WebApplication app;
        try
        {
            app = build();
        }
        catch (Exception e) when (IsExplained(e))
        {
            await Console.Error.WriteLineAsync(e.Message);
            return BadConfiguration;
        }

        await using (app)
        {
            try
            {
                await app.StartAsync();
            }
            catch (Exception e) when (IsExplained(e))
            {
                await Console.Error.WriteLineAsync($"It cannot be started: {e.Message}");
                return Failed;
            }

            await app.WaitForShutdownAsync();
        }

        return Environment.ExitCode;
    }

    /// <summary>A setting that is missing or wrong, a file or a database that cannot be used, a port that is taken or
    /// that this user may not listen on: the message says which.</summary>
    static bool IsExplained(Exception error) => error is InvalidOperationException or FormatException
        or InvalidDataException or IOException or UnauthorizedAccessException or SocketException or DbException;
}
