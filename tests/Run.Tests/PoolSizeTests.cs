using System.Globalization;
using k8s.Models;
using YamlDotNet.RepresentationModel;

namespace Ticketing.Run.Tests;

/// <summary>All sidecars together ask a PostgreSQL server for no more connections than it allows by default.</summary>
public sealed class PoolSizeTests
{
    /// <summary>max_connections is 100, and three of them are reserved for superusers.</summary>
    const int Allowed = 97;
    const int Apps = 6, ReplicasOnOneMachine = 2;

    static readonly string Readme = File.ReadAllText(Repository.At("components/README.md"));

    [Fact]
    public void Two_replicas_of_everything_fit_on_one_machine()
    {
        var pool = PoolOf("postgres");
        AssertFits($"components/postgres`, two replicas of everything | 6 × 2 = 12", Apps * ReplicasOnOneMachine, pool);
    }

    [Fact]
    public void A_rollout_of_the_cluster_fits() => AssertFits(
        $"k8s/base`, two replicas and one more of each during a rollout | 6 × 3 = 18",
        Deployments().Sum(app => app.Spec.Replicas!.Value + Surge(app)), PoolOf("../k8s/base/components"));

    [Fact]
    public void A_rollout_in_production_fits()
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(File.ReadAllText(Repository.At("k8s/overlays/production/kustomization.yaml"))));
        var more = ((YamlSequenceNode)stream.Documents[0].RootNode["replicas"]).ToDictionary(
            app => app["name"].ToString(), app => int.Parse(app["count"].ToString(), CultureInfo.InvariantCulture));
        AssertFits("k8s/overlays/production`, three replicas (expiration two), and one more of each | 17 + 6 = 23",
            Deployments().Sum(app => more.GetValueOrDefault(app.Metadata.Name, app.Spec.Replicas!.Value) + Surge(app)),
            PoolOf("../k8s/base/components"));
    }

    static void AssertFits(string line, int sidecars, int pool)
    {
        Assert.InRange(sidecars * pool, 1, Allowed);
        Assert.EndsWith($" {sidecars}", line, StringComparison.Ordinal);
        Assert.Contains($"{line} | {pool} | {sidecars * pool} |", Readme, StringComparison.Ordinal);
    }

    static int PoolOf(string set) => int.Parse(
        ComponentSet.Metadata(ComponentSet.Load(set).Component("statestore"))["maxConns"], CultureInfo.InvariantCulture);

    static List<V1Deployment> Deployments() => [.. Manifests.Load("k8s/base").OfType<V1Deployment>()];

    static int Surge(V1Deployment app) =>
        int.Parse(app.Spec.Strategy.RollingUpdate.MaxSurge.ToString()!, CultureInfo.InvariantCulture);
}
