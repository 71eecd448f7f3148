using Dapr;
using Dapr.Client;
using Microsoft.Extensions.Logging;

namespace Ticketing.Common;

/// <summary>Reads one secret once; the default asks the Dapr secret store <c>secretstore</c>.</summary>
public delegate Task<string> ReadSecret(string name, CancellationToken ct);

/// <summary>Secrets that are needed for as long as the process lives.</summary>
public sealed class Secrets(ReadSecret read, StartRefusal start, ILogger<Secrets> log, TimeProvider clock)
{
    static readonly TimeSpan TryTimeout = TimeSpan.FromSeconds(2), TryInterval = TimeSpan.FromSeconds(1);

    /// <summary>The secret's text; asks until the sidecar answers, which at start can take a while.</summary>
    public async Task<string> Wait(string name, CancellationToken ct)
    {
        while (true)
        {
            if (await TryRead(name, ct) is { } secret)
                return secret;
            await Task.Delay(TryInterval, clock, ct);
        }
    }

    /// <summary>
    /// The secret's text; null if the sidecar does not give it now, or if it is one that must not be used here.
    /// </summary>
    public async Task<string?> TryRead(string name, CancellationToken ct)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(TryTimeout);
        try
        {
            var secret = await read(name, timeout.Token);
            return DevelopmentSecrets.Allow(name, secret, start) ? secret : null;
        }
        catch (Exception e) when (e is DaprException or SidecarException
            || e is OperationCanceledException && !ct.IsCancellationRequested)
        {
            log.SecretNotRead(name, e.Message);
            return null;
        }
    }

    internal static ReadSecret FromDapr(DaprClient dapr) => async (name, ct) =>
    {
        var found = await dapr.GetSecretAsync("secretstore", name, cancellationToken: ct);
        // A file gives the name itself, Kubernetes a secret of that name with one value under any key.
        return found.TryGetValue(name, out var text) ? text : found.Values.Single();
    };
}
