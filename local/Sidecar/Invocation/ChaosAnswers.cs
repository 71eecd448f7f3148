using System.Net;

namespace Ticketing.Sidecar.Invocation;

/// <summary>The accident of a <see cref="ChaosPlan"/> in which a call is answered with 200 and no body, though the app
/// never got it.</summary>
sealed class ChaosAnswers(SidecarHost host)
{
    readonly Lock _gate = new();
    ChaosPlan? _plan;
    Random _random = new(0);

    /// <summary>One for all sidecars of a process, so that one seed means one sequence.</summary>
    public static ChaosAnswers Of(SidecarHost host) =>
        host.Shared("invocation.chaos-answers", () => new ChaosAnswers(host));

    /// <summary>Whether the next call meets the accident; never without a plan for it.</summary>
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
