using k8s.Models;

namespace Ticketing.Run.Tests;

/// <summary>Each service's pod: the restricted pod security standard, and Dapr's annotations.</summary>
public sealed class WorkloadTests
{
    static readonly IReadOnlyList<object> All = Manifests.Load("k8s/base");

    public static TheoryData<string> Apps => ["auth", "tickets", "orders", "expiration", "payments", "web"];

    [Fact]
    public void Each_service_is_there_once() =>
        Assert.Equal(Apps.Select(a => a.Data).Order(), All.OfType<V1Deployment>().Select(d => d.Metadata.Name).Order());

    [Theory, MemberData(nameof(Apps))]
    public void The_pod_may_do_nothing_it_need_not(string app)
    {
        var pod = Pod(app);
        Assert.False(pod.AutomountServiceAccountToken);
        Assert.Equal(app, pod.ServiceAccountName);
        Assert.True(pod.HostNetwork is not true && pod.HostPID is not true && pod.HostIPC is not true);
        Assert.True(pod.SecurityContext.RunAsNonRoot);
        Assert.NotEqual(0, pod.SecurityContext.RunAsUser);
        Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
        Assert.All(pod.Volumes, v => Assert.True(v.EmptyDir is not null || v.Secret is not null));
        var security = Container(app).SecurityContext;
        Assert.True(security.RunAsNonRoot);
        Assert.True(security.ReadOnlyRootFilesystem);
        Assert.False(security.AllowPrivilegeEscalation);
        Assert.Equal(["ALL"], security.Capabilities.Drop);
        Assert.Null(security.Capabilities.Add);
        Assert.Equal("RuntimeDefault", security.SeccompProfile.Type);
    }

    // The sidecar alone reads the secrets file; the app gets two tokens and asks the sidecar for the rest.
    [Theory, MemberData(nameof(Apps))]
    public void The_app_holds_no_secret_but_the_tokens(string app)
    {
        Assert.Equal(["tmp"], Container(app).VolumeMounts.Select(m => m.Name));
        Assert.Equal($"{app}-secrets", Pod(app).Volumes.Single(v => v.Name == "secrets").Secret.SecretName);
        Assert.Equal(["APP_API_TOKEN=app-api-token", "DAPR_API_TOKEN=dapr-api-token"], Container(app).Env
            .Where(e => e.ValueFrom is not null).Select(e => $"{e.Name}={e.ValueFrom.SecretKeyRef.Name}"));
        Assert.Null(Container(app).EnvFrom);
    }

    [Theory, MemberData(nameof(Apps))]
    public void The_pod_has_bounds_and_probes(string app)
    {
        var container = Container(app);
        Assert.Equal(["cpu", "memory"], container.Resources.Requests.Keys.Order());
        Assert.Equal(["cpu", "memory"], container.Resources.Limits.Keys.Order());
        Assert.NotNull(Pod(app).Volumes.Single(v => v.Name == "tmp").EmptyDir.SizeLimit);
        Assert.Equal("/health/live", container.LivenessProbe.HttpGet.Path);
        Assert.Equal("/health/live", container.StartupProbe.HttpGet.Path);
        Assert.Equal("/health/serving", container.ReadinessProbe.HttpGet.Path);
        Assert.Equal(["http"], container.Ports.Select(p => p.Name));
        Assert.All(container.Ports, p => Assert.Null(p.HostPort));
        Assert.Contains(container.Env, e => e is { Name: "ASPNETCORE_HTTP_PORTS", Value: "8080" });
    }

    [Theory, MemberData(nameof(Apps))]
    public void Dapr_knows_the_app_and_watches_its_health(string app)
    {
        var said = Deployment(app).Spec.Template.Metadata.Annotations;
        Assert.Equal("true", said["dapr.io/enabled"]);
        Assert.Equal(app, said["dapr.io/app-id"]);
        Assert.Equal("8080", said["dapr.io/app-port"]);
        Assert.Equal(app, said["dapr.io/config"]);
        Assert.Equal("true", said["dapr.io/enable-app-health-check"]);
        Assert.Equal("/health/live", said["dapr.io/app-health-check-path"]);
        Assert.Equal("1", said["dapr.io/app-health-probe-interval"]);
        Assert.Equal("2", said["dapr.io/app-health-threshold"]);
        Assert.Equal("app-api-token", said["dapr.io/app-token-secret"]);
        Assert.Equal("dapr-api-token", said["dapr.io/api-token-secret"]);
        Assert.Equal("secrets:/mnt/secrets", said["dapr.io/volume-mounts"]);
        Assert.Equal("RuntimeDefault", said["dapr.io/sidecar-seccomp-profile-type"]);
        Assert.DoesNotContain("dapr.io/app-max-concurrency", said.Keys);
        foreach (var part in new[] { "cpu-request", "cpu-limit", "memory-request", "memory-limit" })
            Assert.Contains($"dapr.io/sidecar-{part}", said.Keys);
    }

    [Theory, MemberData(nameof(Apps))]
    public void The_app_outlives_a_node_and_an_upgrade(string app)
    {
        var deployment = Deployment(app);
        Assert.True(deployment.Spec.Replicas >= 2);
        Assert.Equal("0", deployment.Spec.Strategy.RollingUpdate.MaxUnavailable.Value);
        var budget = All.OfType<V1PodDisruptionBudget>().Single(b => b.Metadata.Name == app);
        Assert.Equal("1", budget.Spec.MaxUnavailable.Value);
        Assert.Equal(deployment.Spec.Selector.MatchLabels, budget.Spec.Selector.MatchLabels);
        Assert.False(All.OfType<V1ServiceAccount>().Single(a => a.Metadata.Name == app).AutomountServiceAccountToken);
    }

    [Theory]
    [InlineData("auth", "jwt-private-key jwt-public-key")]
    [InlineData("tickets", "jwt-public-key")]
    [InlineData("orders", "jwt-public-key")]
    [InlineData("expiration", "jwt-public-key")]
    [InlineData("payments", "jwt-public-key stripe-api-key stripe-publishable-key stripe-webhook-secret")]
    [InlineData("web", "jwt-public-key")]
    public void A_secret_that_is_not_named_is_denied(string app, string secrets)
    {
        var scope = Assert.Single(Configuration(app).Secrets.Scopes);
        Assert.Equal("deny", scope.DefaultAccess);
        Assert.Equal(secrets.Split(' '), scope.AllowedSecrets);
    }

    // Events, actors and /dapr/* are not among them: only an app's own sidecar calls those.
    [Theory]
    [InlineData("auth", "expiration GET /internal/sessions/revoked", "orders GET /internal/sessions/revoked",
        "payments GET /internal/sessions/revoked", "tickets GET /internal/sessions/revoked",
        "web * /api/users", "web * /api/users/*", "web GET /health/ready", "web GET /internal/audit",
        "web GET /internal/dead-letters", "web GET /internal/flow", "web GET /internal/sessions/revoked",
        "web GET /openapi/v1.json", "web POST /internal/dead-letters/*")]
    [InlineData("tickets", "auth GET,POST /internal/users/*", "orders GET /internal/tickets/*", "web * /api/tickets", "web * /api/tickets/*",
        "web GET /health/ready", "web GET /internal/audit", "web GET /internal/dead-letters",
        "web GET /internal/flow", "web GET /openapi/v1.json", "web POST /internal/dead-letters/*")]
    [InlineData("orders", "auth GET,POST /internal/users/*", "payments GET /internal/orders/*", "web * /api/orders", "web * /api/orders/*",
        "web GET /health/ready", "web GET /internal/audit", "web GET /internal/dead-letters",
        "web GET /internal/flow", "web GET /openapi/v1.json", "web POST /internal/dead-letters/*")]
    [InlineData("expiration", "web GET /health/ready", "web GET /internal/audit", "web GET /internal/dead-letters",
        "web GET /internal/flow", "web GET /openapi/v1.json", "web POST /internal/dead-letters/*")]
    [InlineData("payments", "auth GET /internal/users/*", "web * /api/payments", "web * /api/payments/*",
        "web GET /health/ready", "web GET /internal/audit", "web GET /internal/dead-letters",
        "web GET /internal/flow", "web GET /openapi/v1.json", "web POST /internal/dead-letters/*")]
    [InlineData("web")]
    public void A_caller_that_is_not_named_is_denied(string app, params string[] callers)
    {
        var access = Configuration(app).AccessControl;
        Assert.Equal("deny", access.DefaultAction);
        Assert.All(access.Policies, policy => Assert.Equal("deny", policy.DefaultAction));
        var allowed = access.Policies.SelectMany(policy => policy.Operations.Select(operation =>
            $"{policy.AppId} {Verbs(operation.HttpVerb)} {operation.Name}"));
        Assert.Equal(callers, allowed.Order(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Apps))]
    public void Nobody_can_shut_a_sidecar_down_through_its_api(string app)
    {
        var denied = Configuration(app).Api.Denied;
        Assert.Contains(denied, api => api is { Name: "shutdown", Version: "v1.0", Protocol: "http" });
        Assert.Contains(denied, api => api is { Name: "shutdown", Version: "v1", Protocol: "grpc" });
    }

    static string Verbs(List<string> verbs) =>
        verbs is ["GET", "POST", "PUT", "DELETE"] ? "*" : string.Join(',', verbs);

    static DaprConfiguration.ConfigurationSpec Configuration(string app) =>
        All.OfType<DaprConfiguration>().Single(c => c.Metadata.Name == app).Spec;

    static V1Deployment Deployment(string app) => All.OfType<V1Deployment>().Single(d => d.Metadata.Name == app);

    static V1PodSpec Pod(string app) => Deployment(app).Spec.Template.Spec;

    static V1Container Container(string app) => Assert.Single(Pod(app).Containers);
}
