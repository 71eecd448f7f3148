using Ticketing.Sidecar.Resources;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ticketing.Run.Tests;

public sealed class ComponentFolderTests : IDisposable
{
    readonly string data = Directory.CreateTempSubdirectory("data-").FullName;

    public void Dispose() => Directory.Delete(data, recursive: true);

    public static TheoryData<string, string, string, string> Pairs
    {
        get
        {
            string[][] stores = [["embedded", "sqlite"], ["redis", "redis"], ["postgres", "postgresql"]];
            string[][] brokers = [["embedded", "sqlite"], ["redis", "redis"], ["rabbitmq", "rabbitmq"]];
            var pairs = new TheoryData<string, string, string, string>();
            foreach (var store in stores)
                foreach (var broker in brokers)
                    pairs.Add(store[0], broker[0], $"state.{store[1]}", $"pubsub.{broker[1]}");
            return pairs;
        }
    }

    [Theory, MemberData(nameof(Pairs))]
    public void Any_store_goes_with_any_broker(string store, string broker, string storeType, string brokerType)
    {
        var set = ComponentSet.Load(ComponentFolder.Compose(
            Repository.At($"components/{store}"), Repository.At($"components/{broker}"), data).Path);

        Assert.Equal(storeType, ComponentSet.Type(set.Component("statestore")));
        Assert.Equal(brokerType, ComponentSet.Type(set.Component("pubsub")));
        Assert.Equal(brokerType, ComponentSet.Type(set.Component("broadcast")));
        Assert.NotNull(set.Component("secretstore"));
        Assert.Single(set.OfKind("Resiliency"));
    }

    [Fact]
    public void Data_is_kept_in_the_folder_asked_for()
    {
        ComponentFolder.Compose(Repository.At("components/embedded"), null, data);
        var set = ComponentSet.Load(Path.Combine(data, "components"));
        foreach (var (name, file) in new[] { ("statestore", "state"), ("pubsub", "pubsub"), ("broadcast", "pubsub") })
        {
            var metadata = ComponentSet.Metadata(set.Component(name));
            Assert.Equal($"{data}/{file}.db", metadata["connectionString"]);
        }
    }

    // What YAML reads as something else, what a Windows path looks like, and what people call their folders.
    [Theory]
    [InlineData(@"C:\Users\new\.data")]
    [InlineData("""a "shop" of 'mine'""")]
    [InlineData("shop: #1 - [a, b] & *c !d %e @f `g` |h >")]
    [InlineData("Läden/店 🎟")]
    [InlineData("two\nlines\n--- not a document")]
    [InlineData(" spaces ")]
    public void The_folder_may_have_any_name(string name)
    {
        var folder = Path.Combine(data, name);
        var composed = ComponentFolder.Compose(Repository.At("components/embedded"), null, folder);

        var loaded = new ResourceLoader("orders").Load([composed.Path], []);
        Assert.Empty(loaded.Warnings);
        Assert.Equal([$"{folder}/state.db"], loaded.Components.Where(c => c.Name == "statestore").Select(Place));
        Assert.Equal([$"{folder}/pubsub.db"], loaded.Components.Where(c => c.Name == "pubsub").Select(Place));

        static string Place(Component component) => component.Metadata.Single(m => m.Name == "connectionString").Value;
    }

    [Fact]
    public void All_but_the_folder_stays_as_it_is_written()
    {
        var composed = ComponentFolder.Compose(Repository.At("components/rabbitmq"), null, data);
        foreach (var file in Directory.GetFiles(Repository.At("components/rabbitmq"), "*.yaml"))
        {
            var before = Nodes(file, data);
            Assert.Equal(before, Nodes(Path.Combine(composed.Path, Path.GetFileName(file)), data));
        }

        // A quoted "true" must not become a boolean.
        static List<string> Nodes(string file, string data) => [.. YamlFile.Read(file).Documents.SelectMany(document =>
            document.AllNodes.OfType<YamlScalarNode>().Select(scalar =>
                $"{scalar.Style == ScalarStyle.Plain} "
                + scalar.Value!.Replace("../../.data", data, StringComparison.Ordinal)))];
    }

    [Fact]
    public void A_component_that_is_not_YAML_is_named_with_its_line_and_nothing_is_written()
    {
        var set = Directory.CreateDirectory(Path.Combine(data, "set")).FullName;
        File.WriteAllText(
            Path.Combine(set, "pubsub.yaml"), "kind: Component\nspec:\n  type: [pubsub.redis\nscopes: x\n");

        var refusal = Assert.Throws<StartException>(() => ComponentFolder.Compose(set, null, data));

        Assert.StartsWith($"{set}/pubsub.yaml, line 3: this is not YAML", refusal.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(data, "components")));
    }

    [Theory]
    [InlineData("mysql", null, "components/mysql", "state.mysql")]
    [InlineData("embedded", "nats", "components/nats", "pubsub.jetstream")]
    public void A_set_for_the_real_runtime_is_refused_in_one_line(string set, string? broker, string named, string type)
    {
        var refusal = Assert.Throws<StartException>(() => ComponentFolder.Compose(
            Repository.At($"components/{set}"), broker is null ? null : Repository.At($"components/{broker}"), data));

        Assert.Equal($"{Repository.At(named)} needs the real Dapr ({type}): start it with `dapr run -f .`, "
            + "with this folder as resourcesPaths in dapr.yaml.", refusal.Message);
        Assert.False(Directory.Exists(Path.Combine(data, "components")));
    }

    [Fact]
    public void A_set_replaces_the_one_before()
    {
        ComponentFolder.Compose(Repository.At("components/rabbitmq"), null, data);
        File.WriteAllText(Path.Combine(data, "components", "leftover.yaml"), "");
        ComponentFolder.Compose(Repository.At("components/redis"), null, data);
        Assert.Equal(4, Directory.GetFiles(Path.Combine(data, "components")).Length);
    }
}
