using Dapr;
using Dapr.Client;
using Microsoft.Extensions.Logging;

namespace Ticketing.Common;

/// <summary>Reads one secret once; by default from the Dapr secret store <c>secretstore</c>.</summary>
public delegate Task<string> ReadSecret(string name, CancellationToken ct);

/// <summary>Secrets that are needed for as long as the process lives.</summary>
public sealed class Secrets(ReadSecret read, StartRefusal start, ILogger<Secrets> log, TimeProvider clock)
{
    static readonly TimeSpan TryTimeout = TimeSpan.FromSeconds(2), TryInterval = TimeSpan.FromSeconds(1);

    /// <summary>The secret's text; tries until the sidecar answers, which can take some seconds at start.</summary>
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
    /// The secret's text; null if it cannot be read now, or is a development secret outside Development.
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
        // The file store returns the value under the secret's name; Kubernetes returns one value under any key.
        return found.TryGetValue(name, out var text) ? text : found.Values.Single();
    };
}
