namespace Ticketing.Run.Tests;

public sealed class ComponentFolderTests : IDisposable
{
    readonly string data = Directory.CreateTempSubdirectory("data-").FullName;

    public void Dispose() => Directory.Delete(data, recursive: true);

    public static TheoryData<string, string, string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string, string, string>();
            foreach (var (store, storeType) in new[] { ("embedded", "sqlite"), ("redis", "redis"), ("postgres", "postgresql") })
                foreach (var (broker, brokerType) in new[] { ("embedded", "sqlite"), ("redis", "redis"), ("rabbitmq", "rabbitmq") })
                    pairs.Add(store, broker, $"state.{storeType}", $"pubsub.{brokerType}");
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
        Assert.Equal($"data source={data}/state.db", ComponentSet.Metadata(set.Component("statestore"))["connectionString"]);
        Assert.Equal($"data source={data}/pubsub.db", ComponentSet.Metadata(set.Component("broadcast"))["connectionString"]);
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
