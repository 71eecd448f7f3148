namespace Ticketing.Sidecar.Resources;

/// <summary>A <c>dapr.io/v1alpha1</c> Resiliency as written: durations are text, "" where nothing was given.</summary>
public sealed record ResiliencySpec(
    string Name, IReadOnlyList<string> Scopes, IReadOnlyDictionary<string, string> Timeouts,
    IReadOnlyDictionary<string, RetrySpec> Retries, IReadOnlyDictionary<string, PolicyNames> Apps,
    IReadOnlyDictionary<string, PolicyNames> Actors, IReadOnlyDictionary<string, ComponentPolicyNames> Components,
    string File);

/// <param name="MaxRetries">Null when not given (unbounded); -1 is written for the same.</param>
public sealed record RetrySpec(
    string Policy, string Duration, string MaxInterval, int? MaxRetries, string HttpStatusCodes,
        string GrpcStatusCodes);

/// <summary>Names of policies, "" where none.</summary>
public sealed record PolicyNames(string Timeout, string Retry)
{
    public static readonly PolicyNames None = new("", "");
}

public sealed record ComponentPolicyNames(PolicyNames Inbound, PolicyNames Outbound);
