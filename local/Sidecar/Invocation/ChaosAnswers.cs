using System.Net;

namespace Ticketing.Sidecar.Invocation;

/// <summary>A fault of the <see cref="ChaosPlan"/>: a call is answered with 200 and no body, and not sent to the
/// app.</summary>
sealed class ChaosAnswers(SidecarHost host)
{
    readonly Lock _gate = new();
    ChaosPlan? _plan;
    Random _random = new(0);

    /// <summary>Shared by all sidecars of a process, so that a seed gives one sequence.</summary>
    public static ChaosAnswers Of(SidecarHost host) =>
        host.Shared("invocation.chaos-answers", () => new ChaosAnswers(host));

    /// <summary>Whether the next call gets the fault; false without a plan.</summary>
    public bool Next()
    {
        if (host.Chaos is not { FalseAck: > 0 } plan) return false;
        lock (_gate)
        {
            if (_plan != plan) (_plan, _random) = (plan, new Random(plan.Seed));
            return _random.NextDouble() < plan.FalseAck;
        }
    }

    public static HttpResponseMessage Answer() => new(HttpStatusCode.OK);
}
