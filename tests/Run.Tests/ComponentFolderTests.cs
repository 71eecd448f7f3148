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
            Repository.At($"components/{store}"), Repository.At($"components/{broker}"), data));

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

    [Fact]
    public void A_set_replaces_the_one_before()
    {
        ComponentFolder.Compose(Repository.At("components/rabbitmq"), null, data);
        File.WriteAllText(Path.Combine(data, "components", "leftover.yaml"), "");
        ComponentFolder.Compose(Repository.At("components/redis"), null, data);
        Assert.Equal(4, Directory.GetFiles(Path.Combine(data, "components")).Length);
    }
}
