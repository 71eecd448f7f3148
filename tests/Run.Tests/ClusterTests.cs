using k8s.Models;
using YamlDotNet.RepresentationModel;

namespace Ticketing.Run.Tests;

/// <summary>The manifests around the services: namespace, network policies, routes, kustomizations.</summary>
public sealed class ClusterTests
{
    static readonly IReadOnlyList<object> All = Manifests.Load("k8s/base");

    [Fact]
    public void The_namespace_enforces_the_restricted_standard() => Assert.Equal("restricted",
        Assert.Single(All.OfType<V1Namespace>()).Metadata.Labels["pod-security.kubernetes.io/enforce"]);

    [Theory]
    [InlineData("/api/users", "auth")]
    [InlineData("/api/tickets", "tickets")]
    [InlineData("/api/orders", "orders")]
    [InlineData("/api/payments", "payments")]
    [InlineData("/", "web")]
    public void A_path_leads_to_its_service(string path, string service)
    {
        var rule = Assert.Single(Assert.Single(All.OfType<V1Ingress>()).Spec.Rules);
        Assert.Equal(5, rule.Http.Paths.Count);
        var route = rule.Http.Paths.Single(p => p.Path == path);
        Assert.Equal("Prefix", route.PathType);
        Assert.Equal(service, route.Backend.Service.Name);
        var target = All.OfType<V1Service>().Single(s => s.Metadata.Name == service);
        Assert.Equal(route.Backend.Service.Port.Name, Assert.Single(target.Spec.Ports).Name);
        Assert.Equal("http", target.Spec.Ports[0].TargetPort.Value);
        Assert.Equal(service, target.Spec.Selector["app.kubernetes.io/name"]);
    }

    [Fact]
    public void People_reach_the_shop_by_tls_only()
    {
        var ingress = Assert.Single(All.OfType<V1Ingress>()).Spec;
        Assert.Equal(ingress.Rules.Select(r => r.Host), ingress.Tls.SelectMany(t => t.Hosts));
    }

    [Fact]
    public void The_network_denies_what_no_rule_allows()
    {
        var policies = All.OfType<V1NetworkPolicy>().ToDictionary(p => p.Metadata.Name, p => p.Spec);
        var deny = policies["default-deny"];
        Assert.Null(deny.PodSelector.MatchLabels);
        Assert.Equal(["Ingress", "Egress"], deny.PolicyTypes);
        Assert.Null(deny.Ingress);
        Assert.Null(deny.Egress);
        Assert.All(policies.Where(p => p.Key != "default-deny"), policy =>
        {
            Assert.All(policy.Value.Ingress ?? [], rule => Assert.NotEmpty(rule.FromProperty));
            Assert.All(policy.Value.Egress ?? [], rule => Assert.NotEmpty(rule.To));
        });
    }

    // Only the ingress controller connects to an app's own port; other services call through the sidecars.
    [Fact]
    public void An_app_port_is_open_to_the_ingress_controller_alone()
    {
        var open = All.OfType<V1NetworkPolicy>().Where(p => (p.Spec.Ingress ?? [])
            .Any(rule => rule.Ports is null || rule.Ports.Any(port => port.Port.Value == "8080")));
        Assert.Equal(["from-the-ingress"], open.Select(p => p.Metadata.Name));
        var behind = All.OfType<V1Deployment>().Where(d =>
            d.Spec.Template.Metadata.Labels.ContainsKey("ticketing/behind-ingress")).Select(d => d.Metadata.Name);
        Assert.Equal(["auth", "orders", "payments", "tickets", "web"], behind.Order());
    }

    [Theory]
    [InlineData("k8s/base", 13)]
    [InlineData("k8s/overlays/local", 3)]
    [InlineData("k8s/overlays/production", 1)]
    public void A_kustomization_lists_every_file_beside_it_and_no_other(string folder, int count)
    {
        var listed = (YamlSequenceNode)Document($"{folder}/kustomization.yaml")["resources"];
        var resources = listed.Select(r => r.ToString()).ToList();
        Assert.Equal(count, resources.Count);
        Assert.All(resources, r => Assert.True(Path.Exists(Repository.At($"{folder}/{r}")), r));
        var beside = Directory.GetFiles(Repository.At(folder), "*.yaml", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Repository.At(folder), f)).Where(f => f != "kustomization.yaml");
        Assert.All(beside, f => Assert.Contains(f, resources));
    }

    [Fact]
    public void The_local_store_and_broker_are_as_restricted_as_the_services() =>
        Assert.All(Manifests.Load("k8s/overlays/local").OfType<V1StatefulSet>(), set =>
        {
            var pod = set.Spec.Template.Spec;
            Assert.False(pod.AutomountServiceAccountToken);
            Assert.True(pod.SecurityContext.RunAsNonRoot);
            Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
            var security = Assert.Single(pod.Containers).SecurityContext;
            Assert.True(security.ReadOnlyRootFilesystem);
            Assert.False(security.AllowPrivilegeEscalation);
            Assert.Equal(["ALL"], security.Capabilities.Drop);
        });

    [Fact]
    public void Skaffold_builds_the_image_of_every_deployment()
    {
        var artifacts = (YamlSequenceNode)Document("k8s/skaffold.yaml")["build"]["artifacts"];
        var built = artifacts.Select(a => a["image"].ToString());
        var run = All.OfType<V1Deployment>().Select(d => d.Spec.Template.Spec.Containers[0].Image);
        Assert.Equal(run.Order(), built.Order());
    }

    static YamlNode Document(string path)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(File.ReadAllText(Repository.At(path))));
        return stream.Documents[0].RootNode;
    }
}
