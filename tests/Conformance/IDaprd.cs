namespace Ticketing.Conformance;

/// <summary>What is replayed against: the embedded sidecar, or the real one where <c>DAPRD</c> names its program.</summary>
interface IDaprd : IAsyncDisposable
{
    /// <summary>Returns when it runs, or has ended by itself; again after it has ended.</summary>
    Task StartAsync(CancellationToken ct);

    /// <summary>The exit code, once it has ended.</summary>
    Task<int> Ended { get; }

    /// <summary>What it said on its way out.</summary>
    string LastWords { get; }

    /// <summary>SIGTERM: returns at once, see <see cref="Ended"/>.</summary>
    void Terminate();

    /// <summary>SIGKILL.</summary>
    Task KillAsync();
}
