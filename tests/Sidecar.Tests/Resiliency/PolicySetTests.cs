using Ticketing.Sidecar.Resiliency;
using Ticketing.Sidecar.Resources;

namespace Ticketing.Sidecar.Tests.Resiliency;

public sealed class PolicySetTests
{
    readonly List<string> _faults = [];

    [Fact]
    public void A_target_has_what_it_names_and_any_other_has_nothing()
    {
        var policies = Read(Spec(
            timeouts: new() { ["t"] = "2s" },
            retries: new() { ["r"] = Retry("constant", "1s", 2) },
            inbound: new() { ["pubsub"] = new("t", "r") }));

        var inbound = policies.Inbound("pubsub");
        Assert.Equal(TimeSpan.FromSeconds(2), inbound.Timeout);
        Assert.Equal(2, inbound.Retry?.MaxRetries);
        Assert.True(policies.Inbound("other").IsEmpty);
    }

    [Fact]
    public void Durations_have_a_unit_or_are_bare_milliseconds()
    {
        var policies = Read(Spec(
            timeouts: new() { ["a"] = "1500", ["b"] = "1m30s" },
            inbound: new() { ["x"] = new("a", ""), ["y"] = new("b", "") }));

        Assert.Equal(1500, policies.Inbound("x").Timeout.TotalMilliseconds);
        Assert.Equal(90, policies.Inbound("y").Timeout.TotalSeconds);
    }

    [Fact]
    public void A_policy_that_cannot_be_read_leaves_the_targets_of_its_resource_out()
    {
        var policies = Read(Spec(timeouts: new() { ["t"] = "soon" }, inbound: new() { ["pubsub"] = new("t", "") }));

        Assert.True(policies.Inbound("pubsub").IsEmpty);
        Assert.Equal(["r.yaml: Resiliency resiliency: spec.policies.timeouts.t: invalid duration \"t\", soon"], _faults);
    }

    [Fact]
    public void A_name_that_leads_nowhere_is_reported()
    {
        Read(Spec(inbound: new() { ["pubsub"] = new("", "no") }));

        const string fault = "spec.targets.components.pubsub.inbound.retry: there is no policy 'no'";
        Assert.Contains(fault, Assert.Single(_faults));
    }

    PolicySet Read(params ResiliencySpec[] specs) =>
        new(specs, PolicyClock.System, fault => _faults.Add(fault.ToString()));

    static RetrySpec Retry(string policy, string duration, int maxRetries) => new(policy, duration, "", maxRetries);

    static ResiliencySpec Spec(
        Dictionary<string, string>? timeouts = null, Dictionary<string, RetrySpec>? retries = null,
        Dictionary<string, PolicyNames>? inbound = null) =>
        new("resiliency", [], timeouts ?? [], retries ?? [], inbound ?? [], "r.yaml");
}
