using Ticketing.Sidecar;
using Ticketing.Sidecar.Resources;

namespace Ticketing.Conformance;

/// <summary>The sidecar in this process, started with daprd's own flags.</summary>
/// <param name="host">Shared by all sidecars of a case: how they find each other, and what outlives them.</param>
sealed class EmbeddedDaprd(
    IReadOnlyList<string> flags, IReadOnlyDictionary<string, string> environment, string folder, SidecarHost host) : IAsyncDisposable
{
    AppSidecar? sidecar;
    Task<int> failed = Task.FromResult(0);

    /// <summary>The exit code, once it has ended.</summary>
    public Task<int> Ended => sidecar?.Ended ?? failed;

    /// <summary>The error it ended with; "" for none.</summary>
    public string Error { get; private set; } = "";

    /// <summary>Returns when it runs, or has ended by itself; again after it has ended.</summary>
    /// <remarks>The same answers to the same mistakes as the program's own Main gives.</remarks>
    public async Task StartAsync(CancellationToken ct)
    {
        sidecar = null;
        try
        {
            var options = DaprdFlags.Parse(flags, environment) with { WorkingDirectory = folder };
            sidecar = await AppSidecar.StartAsync(options, host, ct);
        }
        catch (FormatException error)
        {
            (Error, failed) = (error.Message, Task.FromResult(2));
        }
        catch (Exception error) when (error is ResourceException or IOException)
        {
            (Error, failed) = (error.Message, Task.FromResult(1));
        }
    }

    /// <summary>As SIGTERM: returns at once, see <see cref="Ended"/>.</summary>
    public void Terminate() => sidecar!.RequestStop();

    /// <summary>As SIGKILL.</summary>
    public Task KillAsync() => sidecar!.KillAsync();

    public async ValueTask DisposeAsync()
    {
        if (sidecar is not null) await sidecar.DisposeAsync();
    }
}
