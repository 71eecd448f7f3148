using System.Text.Json;
using System.Text.Json.Nodes;
using Ticketing.Contracts;

namespace Ticketing.House.Tests;

public class EventTests
{
    const int Samples = 100;

    [Fact]
    public void The_page_of_events_is_up_to_date() => Generated.AssertUpToDate("docs/events.md", EventsPage.Write());

    [Fact]
    public void The_asyncapi_document_is_up_to_date() =>
        Generated.AssertUpToDate("docs/asyncapi.json", AsyncApi.Write());

    [Fact]
    public void A_new_broker_gets_a_queue_for_every_subscription() =>
        Generated.AssertUpToDate("components/rabbitmq/definitions.json", RabbitDefinitions.Write());

    [Theory]
    [InlineData("nats")]
    [InlineData("mysql")]
    public void A_new_NATS_server_gets_a_stream_for_every_topic(string set) =>
        Generated.AssertUpToDate($"components/{set}/streams.jsonl", NatsStreams.Write());

    [Fact]
    public void Every_subscription_names_its_services_own_dead_letters() => Assert.All(
        Subscription.All.Where(subscription => subscription.PubSub != "broadcast"),
        subscription => Assert.True(
            subscription.DeadLetters == Topics.DeadLetters(subscription.App)
            || subscription.Topic == Topics.DeadLetters(subscription.App),
            $"{subscription.App} loses what it cannot handle on {subscription.Topic}."));

    // The runtime sends what matches no rule to the dead-letter topic, if there is one.
    [Fact]
    public void Where_rules_filter_there_are_no_dead_letters() => Assert.All(Subscription.All, subscription =>
        Assert.Equal(subscription.PubSub == "broadcast" ? (true, null) : (false, subscription.DeadLetters),
            (subscription.Rule is { Length: > 0 }, subscription.DeadLetters)));

    [Fact]
    public void Somebody_hears_every_topic() => Assert.All(PublishedTopic.All,
        topic => Assert.Contains(Subscription.All, subscription => subscription.Topic == topic.Name));

    public static TheoryData<string> Golden => new(Directory
        .EnumerateFiles(Path.Combine(Repository.Root, "tests/House.Tests/golden/events"), "*.json")
        .Select(file => Path.GetFileName(file)));

    [Theory, MemberData(nameof(Golden))]
    public void What_was_published_once_is_read_for_ever(string file) => AssertKept(file, Read(file));

    [Theory, MemberData(nameof(Golden))]
    public void What_a_newer_build_has_added_is_passed_on(string file)
    {
        for (var seed = 0; seed < Samples; seed++)
            AssertKept(file, JsonChanges.WithMembers(Read(file), new(seed)));
    }

    // Read without its id, an event would be handled as one about nothing.
    [Theory, MemberData(nameof(Golden))]
    public void An_event_without_its_members_is_refused(string file) => Assert.Throws<JsonException>(() =>
        JsonSerializer.Deserialize(new JsonObject(), DataOf(file), ContractsJson.Default.Options));

    static void AssertKept(string file, JsonNode message)
    {
        var data = DataOf(file);
        var read = JsonSerializer.Deserialize(message, data, ContractsJson.Default.Options);
        var written = JsonSerializer.SerializeToNode(read, data, ContractsJson.Default.Options);
        Assert.True(JsonChanges.Contains(written, message), $"{file} lost something on the way:\n{message}\n{written}");
    }

    static JsonNode Read(string file) =>
        JsonNode.Parse(File.ReadAllText(Repository.At($"tests/House.Tests/golden/events/{file}")))!;

    [Fact]
    public void Every_published_record_has_a_golden_file() => Assert.All(PublishedTopic.All,
        topic => Assert.Contains(Golden, row => DataOf(row.Data) == topic.Data));

    static Type DataOf(string file) =>
        PublishedTopic.All.Single(topic => file.StartsWith(topic.Name + ".", StringComparison.Ordinal)).Data;
}
