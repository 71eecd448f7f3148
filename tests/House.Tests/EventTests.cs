using System.Text.Json;
using System.Text.Json.Nodes;
using Ticketing.Contracts;

namespace Ticketing.House.Tests;

public class EventTests
{
    [Fact]
    public void The_page_of_events_is_up_to_date() => Generated.AssertUpToDate("docs/events.md", EventsPage.Write());

    [Fact]
    public void The_asyncapi_document_is_up_to_date() =>
        Generated.AssertUpToDate("docs/asyncapi.json", AsyncApi.Write());

    [Fact]
    public void A_new_broker_gets_a_queue_for_every_subscription() =>
        Generated.AssertUpToDate("components/rabbitmq/definitions.json", RabbitDefinitions.Write());

    [Fact]
    public void Every_subscription_names_its_services_own_dead_letters() => Assert.All(Subscription.All,
        subscription => Assert.True(
            subscription.DeadLetters == Topics.DeadLetters(subscription.App)
            || subscription.Topic == Topics.DeadLetters(subscription.App),
            $"{subscription.App} loses what it cannot handle on {subscription.Topic}."));

    [Fact]
    public void Somebody_hears_every_topic() => Assert.All(PublishedTopic.All,
        topic => Assert.Contains(Subscription.All, subscription => subscription.Topic == topic.Name));

    public static TheoryData<string> Golden => new(Directory
        .EnumerateFiles(Path.Combine(Repository.Root, "tests/House.Tests/golden"), "*.json")
        .Select(file => Path.GetFileName(file)));

    [Theory, MemberData(nameof(Golden))]
    public void What_was_published_once_is_read_for_ever(string file)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "tests/House.Tests/golden", file));
        var data = DataOf(file);
        var read = JsonSerializer.Deserialize(text, data, ContractsJson.Default.Options);
        var written = JsonSerializer.SerializeToNode(read, data, ContractsJson.Default.Options);
        Assert.True(Contains(written, JsonNode.Parse(text)), $"{file} lost something on the way: {written}");
    }

    [Fact]
    public void Every_published_record_has_a_golden_file() => Assert.All(PublishedTopic.All,
        topic => Assert.Contains(Golden, row => DataOf(row.Data) == topic.Data));

    [Fact]
    public void A_published_record_breaks_no_consumer_of_an_earlier_one()
    {
        var published = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "docs/asyncapi.json")))!;
        foreach (var topic in PublishedTopic.All)
        {
            var old = published["components"]!["schemas"]![topic.Data.Name];
            if (old is JsonObject schema)
                Assert.Empty(EventSchema.Breaks(schema, EventSchema.Of(topic.Data)));
        }
    }

    [Fact]
    public void A_record_that_loses_or_changes_a_member_is_found_out()
    {
        var now = EventSchema.Of(typeof(TicketSnapshot));
        var old = now.DeepClone().AsObject();
        old["properties"]!["gone"] = new JsonObject { ["type"] = "string" };
        old["properties"]!["version"] = new JsonObject { ["type"] = "string" };
        Assert.Equal(2, EventSchema.Breaks(old, now).Count());
    }

    static Type DataOf(string file) =>
        PublishedTopic.All.Single(topic => file.StartsWith(topic.Name + ".", StringComparison.Ordinal)).Data;

    static bool Contains(JsonNode? whole, JsonNode? part) => (whole, part) switch
    {
        (JsonObject w, JsonObject p) => p.All(member => Contains(w[member.Key], member.Value)),
        _ => JsonNode.DeepEquals(whole, part) || whole?.ToJsonString() == part?.ToJsonString(),
    };
}
