using Ticketing.Sidecar.Resiliency;
using Ticketing.Sidecar.Resources;

namespace Ticketing.Sidecar.Tests.Resiliency;

public sealed class PolicySetTests
{
    readonly List<string> _faults = [];

    [Fact]
    public void A_target_has_what_it_names_and_no_default()
    {
        var policies = Read(Spec(
            timeouts: new() { ["t"] = "2s", ["DefaultComponentTimeoutPolicy"] = "9s" },
            retries: new() { ["r"] = Retry("constant", "1s", 2), ["DefaultRetryPolicy"] = Retry("constant", "7s", 1) },
            components: new() { ["pubsub"] = new(new("t", "r"), PolicyNames.None) }));

        var inbound = policies.Inbound("pubsub", ComponentKind.Pubsub);
        Assert.Equal(TimeSpan.FromSeconds(2), inbound.Timeout);
        Assert.Equal(2, inbound.Retry?.MaxRetries);
        Assert.True(policies.Outbound("pubsub", ComponentKind.Pubsub).IsEmpty);
    }

    [Theory]   // which of the given policies is the default of an inbound pub/sub component
    [InlineData("DefaultPubsubComponentInboundRetryPolicy,DefaultComponentInboundRetryPolicy", 1)]
    [InlineData("DefaultRetryPolicy,DefaultComponentRetryPolicy,DefaultComponentInboundRetryPolicy", 3)]
    [InlineData("DefaultComponentRetryPolicy,DefaultRetryPolicy", 1)]
    [InlineData("DefaultStatestoreComponentInboundRetryPolicy,DefaultRetryPolicy", 2)]
    public void The_most_specific_default_wins(string names, int winner)
    {
        var retries = names.Split(',').Index()
            .ToDictionary(name => name.Item, name => Retry("constant", "1s", name.Index + 1));

        var policy = Read(Spec(retries: retries)).Inbound("any", ComponentKind.Pubsub);

        Assert.Equal(winner, policy.Retry?.MaxRetries);
    }

    [Fact]
    public void Durations_are_written_as_in_go_or_as_bare_milliseconds()
    {
        var policies = Read(Spec(
            timeouts: new() { ["a"] = "1500", ["b"] = "1m30s" },
            components: new() { ["x"] = new(new("a", ""), new("b", "")) }));

        Assert.Equal(1500, policies.Inbound("x", ComponentKind.Pubsub).Timeout.TotalMilliseconds);
        Assert.Equal(90, policies.Outbound("x", ComponentKind.Pubsub).Timeout.TotalSeconds);
    }

    [Fact]
    public void A_policy_that_cannot_be_read_leaves_the_targets_of_its_resource_out()
    {
        var policies = Read(Spec(
            timeouts: new() { ["t"] = "soon" },
            components: new() { ["pubsub"] = new(new("t", ""), PolicyNames.None) }));

        Assert.True(policies.Inbound("pubsub", ComponentKind.Pubsub).IsEmpty);
        Assert.Equal(["r.yaml: Resiliency resiliency: spec.policies.timeouts.t: invalid duration \"t\", soon"], _faults);
    }

    [Fact]
    public void A_name_that_leads_nowhere_is_reported()
    {
        Read(Spec(components: new() { ["store"] = new(PolicyNames.None, new("", "no")) }));

        const string fault = "spec.targets.components.store.outbound.retry: there is no policy 'no'";
        Assert.Contains(fault, Assert.Single(_faults));
    }

    [Fact]
    public void A_resource_scoped_to_another_app_does_not_apply()
    {
        var spec = Spec(timeouts: new() { ["DefaultTimeoutPolicy"] = "1s" }) with { Scopes = ["other"] };

        Assert.True(Read(spec).Inbound("pubsub", ComponentKind.Pubsub).IsEmpty);
    }

    [Fact]
    public void Built_in_retries_can_be_redefined_but_not_to_fewer_than_three()
    {
        Assert.Equal(3, Read().BuiltIn(PolicySet.BuiltInServiceRetries).Retry?.MaxRetries);

        var policies = Read(Spec(retries: new()
        {
            [PolicySet.BuiltInServiceRetries] = Retry("constant", "20ms", 1),
            [PolicySet.BuiltInActorNotFoundRetries] = Retry("constant", "20ms", 9),
        }));

        var service = policies.BuiltIn(PolicySet.BuiltInServiceRetries).Retry;
        Assert.Equal((3, 20), (service?.MaxRetries, (int)service!.Duration.TotalMilliseconds));
        Assert.Equal(5, policies.BuiltIn(PolicySet.BuiltInActorNotFoundRetries).Retry?.MaxRetries);
        Assert.Contains("is protected", Assert.Single(_faults));
    }

    [Fact]
    public void An_actors_timeout_counts_in_its_turn_and_its_retry_around_the_call()
    {
        var policies = Read(Spec(
            timeouts: new() { ["slow"] = "3s" }, retries: new() { ["r"] = Retry("constant", "1s", 2) }) with
        {
            Actors = new Dictionary<string, PolicyNames> { ["T"] = new("slow", "r") },
        });

        Assert.Equal(TimeSpan.Zero, policies.ForActorCall("T").Timeout);
        Assert.Equal(2, policies.ForActorCall("T").Retry?.MaxRetries);
        Assert.Equal(TimeSpan.FromSeconds(3), policies.ForActorTurn("T").Timeout);
        Assert.Null(policies.ForActorTurn("T").Retry);
    }

    PolicySet Read(params ResiliencySpec[] specs) =>
        PolicySet.Read(specs, "app", PolicyClock.System, fault => _faults.Add(fault.ToString()));

    static RetrySpec Retry(string policy, string duration, int maxRetries) =>
        new(policy, duration, "", maxRetries, "", "");

    static ResiliencySpec Spec(
        Dictionary<string, string>? timeouts = null,
        Dictionary<string, RetrySpec>? retries = null,
        Dictionary<string, ComponentPolicyNames>? components = null) => new(
            "resiliency", [], timeouts ?? [], retries ?? [],
            new Dictionary<string, PolicyNames>(), new Dictionary<string, PolicyNames>(), components ?? [], "r.yaml");
}
