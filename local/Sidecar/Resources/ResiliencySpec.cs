namespace Ticketing.Sidecar.Resources;

/// <summary>A <c>dapr.io/v1alpha1</c> Resiliency as written: durations are text, "" where nothing was given.</summary>
/// <param name="Inbound">By component: the policies for what it delivers to the app.</param>
public sealed record ResiliencySpec(
    string Name, IReadOnlyList<string> Scopes, IReadOnlyDictionary<string, string> Timeouts,
    IReadOnlyDictionary<string, RetrySpec> Retries, IReadOnlyDictionary<string, PolicyNames> Inbound, string File);

/// <param name="MaxRetries">Null when not given (unbounded); -1 is written for the same.</param>
public sealed record RetrySpec(string Policy, string Duration, string MaxInterval, int? MaxRetries);

/// <summary>Names of policies, "" where none.</summary>
public sealed record PolicyNames(string Timeout, string Retry);
