using System.Net;

namespace Ticketing.Sidecar.Invocation;

/// <summary>The rare lie of the real runtime, by seed: 200 without a body for what never reached the app.</summary>
sealed class FalseAnswers(SidecarHost host)
{
    readonly Lock _gate = new();
    ChaosPlan? _plan;
    Random _random = new(0);

    /// <summary>One for all sidecars of a process, so that one seed means one sequence.</summary>
    public static FalseAnswers Of(SidecarHost host) =>
        host.Shared("invocation.false-answers", () => new FalseAnswers(host));

    /// <summary>Whether the next call is to meet the accident; never without a plan for it.</summary>
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
