using System.Globalization;
using YamlDotNet.RepresentationModel;
using static Ticketing.Run.Tests.ComponentSet;

namespace Ticketing.Run.Tests;

/// <summary>Dapr's defaults lose messages; every set of components, also the cluster's, must override them.</summary>
public sealed class ComponentSetTests
{
    static readonly string[] Services = ["auth", "expiration", "orders", "payments", "tickets", "web"];

    public static TheoryData<string> Sets => [.. Names];

    [Theory, MemberData(nameof(Sets))]
    public void Every_set_names_the_same_components(string set) => Assert.Equal(
        ["broadcast", "pubsub", "secretstore", "statestore"], Load(set).OfKind("Component").Select(Name).Order());

    [Theory, MemberData(nameof(Sets))]
    public void Everything_is_scoped_to_the_services(string set) =>
        Assert.All(Load(set).Resources, resource => Assert.Equal(Services, Scopes(resource).Order()));

    [Theory, MemberData(nameof(Sets))]
    public void Exactly_one_store_holds_the_actors(string set)
    {
        var stores = Load(set).OfKind("Component").Where(c => Metadata(c).ContainsKey("actorStateStore"));
        Assert.Equal("statestore", Name(Assert.Single(stores)));
    }

    [Theory, MemberData(nameof(Sets))]
    public void Deliveries_are_tried_again_for_about_eight_seconds(string set)
    {
        var resiliency = Assert.Single(Load(set).OfKind("Resiliency"));
        foreach (var broker in new[] { "pubsub", "broadcast" })
        {
            var policy = resiliency["spec"]["targets"]["components"][broker]["inbound"]["retry"].ToString();
            var retry = resiliency["spec"]["policies"]["retries"][policy];
            Assert.Equal("exponential", retry["policy"].ToString());
            Assert.Equal("2s", retry["maxInterval"].ToString());
            var retries = int.Parse(retry["maxRetries"].ToString(), CultureInfo.InvariantCulture);
            Assert.InRange(SecondsOfRetries(retries), 7.5, 9);
        }
    }

    // An outbound retry would repeat even ETag conflicts, through the whole schedule; a timeout does not end the call.
    [Theory, MemberData(nameof(Sets))]
    public void Nothing_is_tried_again_on_the_way_to_the_store(string set)
    {
        var spec = (YamlMappingNode)Assert.Single(Load(set).OfKind("Resiliency"))["spec"];
        var targets = (YamlMappingNode)spec["targets"];
        Assert.Equal(["components"], targets.Children.Keys.Select(k => k.ToString()));
        var components = ((YamlMappingNode)targets["components"]).Children.Keys;
        Assert.Equal(["broadcast", "pubsub"], components.Select(k => k.ToString()).Order());
        Assert.DoesNotContain(((YamlMappingNode)spec["policies"]["retries"]).Children.Keys,
            k => k.ToString().StartsWith("Default", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Sets))]
    public void A_broker_keeps_what_is_not_handled_yet(string set)
    {
        var pubsub = Load(set).Component("pubsub");
        var metadata = Metadata(pubsub);
        Assert.DoesNotContain("consumerID", metadata.Keys);
        foreach (var (key, value) in Kept[Type(pubsub)]) Assert.Equal(value, metadata.GetValueOrDefault(key));
    }

    [Theory, MemberData(nameof(Sets))]
    public void Every_replica_hears_a_broadcast(string set)
    {
        var broadcast = Load(set).Component("broadcast");
        Assert.Equal(Type(Load(set).Component("pubsub")), Type(broadcast));
        if (Type(broadcast) != "pubsub.jetstream")
            Assert.Equal("{uuid}", Metadata(broadcast)["consumerID"]);
        foreach (var (key, value) in Heard[Type(broadcast)])
            Assert.Equal(value, Metadata(broadcast).GetValueOrDefault(key));
    }

    // The sidecar publishes dead letters as the app: without the app's scope both letter and message are lost.
    [Theory, MemberData(nameof(Sets))]
    public void An_app_speaks_of_its_own_and_hears_its_own_dead_letters(string set)
    {
        var (pubsub, broadcast) = (Metadata(Load(set).Component("pubsub")), Metadata(Load(set).Component("broadcast")));
        foreach (var publishing in new[] { pubsub["publishingScopes"], broadcast["publishingScopes"] })
            Assert.Equal(
                "auth=sessions,auth.dead;tickets=tickets,tickets.dead;orders=orders,orders.dead;"
                + "expiration=expirations,expiration.dead;payments=payments,payments.dead;web=web.dead", publishing);
        foreach (var subscriptions in new[] { pubsub["subscriptionScopes"], broadcast["subscriptionScopes"] })
            Assert.All(subscriptions.Split(';').Select(app => app.Split('=')), app =>
                Assert.Contains($"{app[0]}.dead", app[1].Split(',')));
    }

    [Fact]
    public void What_sets_share_is_the_same_in_each()
    {
        foreach (var file in new[] { "pubsub.yaml", "streams.jsonl" })
        {
            var copies = OfDaprAlone.Select(set => File.ReadAllText(Repository.At($"components/{set}/{file}")));
            Assert.Single(copies.Distinct());
        }

        foreach (var file in new[] { "resiliency.yaml", "secretstore.yaml" })
        {
            var copies = Local.Select(set => File.ReadAllText(Repository.At($"components/{set}/{file}")));
            Assert.Single(copies.Distinct());
        }

        Assert.Equal(File.ReadAllText(Repository.At("components/embedded/resiliency.yaml")),
            File.ReadAllText(Repository.At("k8s/base/components/resiliency.yaml")));
    }

    [Theory]
    [InlineData("auth", "jwt-private-key jwt-public-key")]
    [InlineData("tickets", "jwt-public-key")]
    [InlineData("orders", "jwt-public-key")]
    [InlineData("expiration", "jwt-public-key")]
    [InlineData("payments", "jwt-public-key stripe-api-key stripe-publishable-key stripe-webhook-secret")]
    [InlineData("web", "jwt-public-key")]
    public void An_app_may_read_only_its_own_secrets(string app, string secrets)
    {
        var configuration = Load("config").Resources.Single(r => Name(r) == app);
        var scope = Assert.Single((YamlSequenceNode)configuration["spec"]["secrets"]["scopes"]);
        Assert.Equal("secretstore", scope["storeName"].ToString());
        Assert.Equal("deny", scope["defaultAccess"].ToString());
        Assert.Equal(secrets.Split(' '), Texts(scope["allowedSecrets"]));
    }

    static readonly Dictionary<string, (string Key, string? Value)[]> Kept = new()
    {
        ["pubsub.sqlite"] = [],
        ["pubsub.redis"] =
        [
            ("processingTimeout", "10000"), ("redeliverInterval", "2000"), ("concurrency", "20"),
            ("maxLenApprox", "100000"), ("streamTTL", null),
        ],
        ["pubsub.rabbitmq"] =
        [
            ("durable", "true"), ("deletedWhenUnused", "false"), ("deliveryMode", "2"), ("publisherConfirm", "true"),
            ("requeueInFailure", "true"), ("prefetchCount", "20"), ("reconnectWaitSeconds", "1"), ("autoAck", null),
            ("ttlInSeconds", null), ("maxLen", null), ("maxLenBytes", null),
        ],
        // Replicas of an app share one durable reader; a message that is not acknowledged in time is given again.
        ["pubsub.jetstream"] =
        [
            ("durableName", "{appID}"), ("queueGroupName", "{appID}"), ("deliverPolicy", "all"),
            ("ackPolicy", "explicit"), ("ackWait", "15s"), ("memoryStorage", null), ("maxDeliver", null),
        ],
    };

    static readonly Dictionary<string, (string Key, string? Value)[]> Heard = new()
    {
        ["pubsub.sqlite"] = [],
        ["pubsub.redis"] = Kept["pubsub.redis"],
        // Both components declare the exchange of a topic; the broker refuses the second if its settings differ.
        ["pubsub.rabbitmq"] = Kept["pubsub.rabbitmq"],
        // With a durable name or a queue group the replicas would share one reader.
        ["pubsub.jetstream"] =
        [
            ("durableName", null), ("queueGroupName", null), ("deliverPolicy", "new"), ("ackPolicy", "explicit"),
            ("ackWait", "15s"),
        ],
    };

    // Dapr's exponential policy: half a second, times one and a half, up to maxInterval (2 s).
    static double SecondsOfRetries(int retries) =>
        Enumerable.Range(0, retries).Sum(n => Math.Min(0.5 * Math.Pow(1.5, n), 2));
}
