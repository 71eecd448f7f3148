using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ticketing.Common;

/// <summary>
/// Ends a process whose configuration is not allowed: one log line with the reason and exit code 1, without a stack
/// trace, since it is not a bug.
/// </summary>
public sealed class StartRefusal(
    IHostApplicationLifetime lifetime, IHostEnvironment host, ILogger<StartRefusal> log)
{
    readonly ConcurrentDictionary<string, bool> logged = new();

    /// <summary>Settings meant for a developer's machine are refused elsewhere.</summary>
    public bool IsDevelopment => host.IsDevelopment();

    public void Refuse(string why)
    {
        if (!logged.TryAdd(why, true))
            return;
        log.StartRefused(why);
        Environment.ExitCode = 1;
        // Stopping a host while it starts throws: stop it once it has started.
        lifetime.ApplicationStarted.Register(lifetime.StopApplication);
    }
}
