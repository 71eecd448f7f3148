using Ticketing.Sidecar.Components;
using Ticketing.Sidecar.Resources;

namespace Ticketing.Sidecar.Tests.Core;

/// <summary>
/// Every way to get the YAML wrong: whether the sidecar starts nevertheless, and the one line that says what is wrong.
/// </summary>
public sealed class FaultyTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static readonly string Store = Yaml.Component("store", "state.in-memory");

    const string Resiliency = "apiVersion: dapr.io/v1alpha1\nkind: Resiliency\nmetadata: { name: r }\nspec:\n";

    public static TheoryData<string, string, string> Fatal => new()
    {
        { "bad-field", Yaml.Component("store", "state.sqlite", ("connectionString", "x.db"), ("cleanupInterval", "soon")),
            "Component store (state.sqlite/v1): spec.metadata.cleanupInterval: is not a duration: \"soon\"" },
        { "subscription", "apiVersion: dapr.io/v2alpha1\nkind: Subscription\nmetadata: { name: s }\nspec: { topic: t }",
            "Subscription s: kind: is not supported by this sidecar: an app says itself what it subscribes to" },
        { "circuit-breaker", Resiliency + "  policies: { circuitBreakers: { cb: { maxRequests: 1 } } }",
            "Resiliency r: spec.policies.circuitBreakers: is not supported by this sidecar" },
        { "circuit-breaker-target", Resiliency + "  targets: { components: { pubsub: { inbound: { circuitBreaker: cb } } } }",
            "Resiliency r: spec.targets.components.pubsub.inbound.circuitBreaker: is not supported by this sidecar" },
        { "missing-field", Yaml.Component("store", "state.sqlite"),
            "Component store (state.sqlite/v1): spec.metadata.connectionString: missing connection string" },
        { "no-type", "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata: { name: store }\nspec: { version: v1 }",
            "Component store (/v1): spec.type: there is no such component type" },
        { "app-policy", Resiliency + "  targets: { apps: { orders: { retry: r } } }",
            "Resiliency r: spec.targets.apps: is not supported by this sidecar" },
        { "outbound-policy", Resiliency + "  targets: { components: { store: { outbound: { retry: r } } } }",
            "Resiliency r: spec.targets.components.store.outbound: is not supported by this sidecar" },
        { "default-policy", Resiliency + "  policies: { timeouts: { DefaultTimeoutPolicy: 1s } }",
            "Resiliency r: spec.policies.timeouts.DefaultTimeoutPolicy: is not supported by this sidecar" },
        { "matching", Resiliency + "  policies: { retries: { r: { matching: { httpStatusCodes: '500' } } } }",
            "Resiliency r: spec.policies.retries.r.matching: is not supported by this sidecar" },
        { "ignore-errors", Store.Replace("spec:", "spec:\n  ignoreErrors: true", StringComparison.Ordinal),
            "Component store: spec.ignoreErrors: is not supported by this sidecar" },
        { "same-name", $"{Store}\n---\n{Store}",
            "Component store: metadata.name: duplicate definition of Component name store (state.in-memory/v1) with existing store (state.in-memory/v1)" },
        { "same-name-other-type", $"{Store}\n---\n{Yaml.Component("store", "secretstores.local.file")}",
            "Component store: metadata.name: duplicate definition of Component name store (secretstores.local.file/v1) with existing store (state.in-memory/v1)" },
        { "secrets-file-missing", Yaml.Component("local", "secretstores.local.file", ("secretsFile", "none.json")),
            "Component local (secretstores.local.file/v1): spec.metadata.secretsFile: open none.json: no such file or directory" },
        { "two-actor-stores", $"{Yaml.Component("one", "state.in-memory", ("actorStateStore", "true"))}\n---\n{Yaml.Component("two", "state.in-memory", ("ACTORSTATESTORE", "true"))}",
            "Component two (state.in-memory/v1): spec.metadata.actorStateStore: detected duplicate actor state store: one and two" },
        { "unknown-type", Yaml.Component("store", "state.nosuch"),
            "Component store (state.nosuch/v1): spec.type: there is no such component type" },
        { "unknown-version", Yaml.Component("store", "state.in-memory/v9"),
            "Component store (state.in-memory/v9): spec.version: there is no such version of state.in-memory" },
        { "first-postgresql", Yaml.Component("store", "state.postgresql/v1"),
            "Component store (state.postgresql/v1): spec.version: there is no such version of state.postgresql" },
    };

    [Theory]
    [MemberData(nameof(Fatal))]
    public async Task It_ends_the_start_with_one_line(string fault, string yaml, string line)
    {
        var error = await Assert.ThrowsAsync<ResourceException>(() => StartAsync(yaml));

        Assert.True(error.Message.EndsWith("resources.yaml: " + line, StringComparison.Ordinal),
            $"{fault}: {error.Message}");
        Assert.DoesNotContain('\n', error.Message);
    }

    public static TheoryData<string, string, string[]> Harmless => new()
    {
        { "bad-yaml", $"kind: [Component\n  oops: :\n---\n{Store}", ["store"] },
        { "comments", $"# nothing\n---\n# here\n---\n{Store}", ["store"] },
        { "empty-version", Store.Replace("version: v1", "version: ''", StringComparison.Ordinal), ["store"] },
        { "no-name", Store.Replace("name: store", "", StringComparison.Ordinal), [] },
        { "two-documents", $"{Store}\n---\n{Yaml.Component("two", "state.in-memory")}", ["store", "two"] },
        { "typed-values", Store.Replace("metadata: []", "metadata: [{ name: actorStateStore, value: true }]",
            StringComparison.Ordinal), ["store"] },
        { "unknown-field", Yaml.Component("store", "state.in-memory", ("nosuch", "1")), ["store"] },
        { "unknown-kind", $"apiVersion: dapr.io/v1alpha1\nkind: NoSuch\nmetadata: {{ name: x }}\n---\n{Store}",
            ["store"] },
        { "unknown-spec-field", Store + "\n  nosuch: 1", ["store"] },
        { "wrong-api-version", Store.Replace("v1alpha1", "v9", StringComparison.Ordinal), [] },
        { "secret-store-not-there",
            Store.Replace("metadata: []", "metadata: [{ name: actorStateStore, secretKeyRef: { name: x } }]",
                StringComparison.Ordinal) + "\nauth: { secretStore: later }", [] },
        { "secret-of-no-store",
            Store.Replace("metadata: []", "metadata: [{ name: actorStateStore, secretKeyRef: { name: x } }]",
                StringComparison.Ordinal), ["store"] },
        { "somebody-elses", Store + "\nscopes: [other]", [] },
    };

    [Theory]
    [MemberData(nameof(Harmless))]
    public async Task It_does_not_keep_the_sidecar_from_starting(string fault, string yaml, string[] loaded)
    {
        await using var sidecar = await StartAsync(yaml);

        Assert.Equal((fault, string.Join(',', loaded)),
            (fault, string.Join(',', sidecar.Components.All.Select(component => component.Spec.Name))));
    }

    [Fact]
    public async Task A_field_that_the_type_does_not_know_is_refused_unless_asked_not_to()
    {
        var error = await Assert.ThrowsAsync<ResourceException>(
            () => StartAsync(Yaml.Component("store", "state.sqlite", ("connectionString", "x.db"), ("tabelName", "t")),
                refuseUnknown: true));

        Assert.EndsWith("resources.yaml: Component store (state.sqlite/v1): spec.metadata.tabelName: is not a field of state.sqlite", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_field_that_the_type_needs_is_named()
    {
        var error = await Assert.ThrowsAsync<ResourceException>(
            () => StartAsync(Yaml.Component("store", "state.sqlite"), refuseUnknown: true));

        Assert.EndsWith("Component store (state.sqlite/v1): spec.metadata.connectionString: is required",
            error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_resources_directory_must_be_there()
    {
        var options = new SidecarOptions { AppId = "app", ResourcesPaths = ["/nowhere/at/all"] };
        await using var host = new SidecarHost(KnownComponents.Registry);

        var error = await Assert.ThrowsAsync<ResourceException>(() => AppSidecar.StartAsync(options, host, Ct));

        Assert.Equal("/nowhere/at/all: no such file or directory", error.Message);
    }

    [Fact]
    public async Task A_port_that_is_taken_ends_the_start()
    {
        await using var first = await StartAsync(Store);
        await using var host = new SidecarHost(KnownComponents.Registry);

        await Assert.ThrowsAsync<IOException>(() => AppSidecar.StartAsync(
            new SidecarOptions { AppId = "app", HttpPort = first.HttpPort, GrpcPort = 0 }, host, Ct));
    }

    [Theory]
    [InlineData("--app-id=a --nosuch=1", "unknown flag: --nosuch")]
    [InlineData("--app-id=a --config", "flag needs an argument: --config")]
    [InlineData("--app-port=1", "app ID is required: --app-id")]
    [InlineData("--app-id=a --app-port=x", "invalid argument \"x\" for \"--app-port\" flag: not a number")]
    public void A_flag_that_makes_no_sense_is_named(string flags, string message)
    {
        var error = Assert.Throws<FormatException>(
            () => DaprdFlags.Parse(flags.Split(' '), new Dictionary<string, string>()));

        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void The_flags_of_daprd_are_understood_in_every_form()
    {
        var options = DaprdFlags.Parse(
            ["--app-id=a", "-app-port", "80", "--resources-path", "x,y", "--resources-path=z",
                "--enable-app-health-check", "--max-body-size=16Mi"],
            new Dictionary<string, string> { ["DAPR_API_TOKEN"] = "t" });

        Assert.Equal(("a", 80, 16 << 20, "t"),
            (options.AppId, options.AppPort, options.MaxBodyBytes, options.ApiToken));
        Assert.Equal(["x", "y", "z"], options.ResourcesPaths);
        Assert.Equal(AppHealthCheck.Default, options.AppHealthCheck);
        Assert.False(options.HasPlacement);
    }

    // As daprd: lenient about fields, and with a placement service, so that actor stores count.
    static async Task<AppSidecar> StartAsync(string yaml, bool refuseUnknown = false)
    {
        var dapr = await TestSidecar.StartAsync(yaml, options => options with { RefuseUnknownFields = refuseUnknown });
        return dapr.Sidecar;
    }
}
