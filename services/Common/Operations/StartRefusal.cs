using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ticketing.Common;

/// <summary>
/// Ends a process that must not run as it is configured: one line in the log that says why, exit code 1, and no stack
/// trace, since nothing is wrong with the code.
/// </summary>
public sealed class StartRefusal(
    IHostApplicationLifetime lifetime, IHostEnvironment host, ILogger<StartRefusal> log)
{
    readonly ConcurrentDictionary<string, bool> said = new();

    /// <summary>What is for a developer's machine alone is refused elsewhere.</summary>
    public bool IsDevelopment => host.IsDevelopment();

    public void Refuse(string why)
    {
        if (!said.TryAdd(why, true))
            return;
        log.StartRefused(why);
        Environment.ExitCode = 1;
        // A host that is told to stop while it starts throws: it is told as soon as it has.
        lifetime.ApplicationStarted.Register(lifetime.StopApplication);
    }
}
