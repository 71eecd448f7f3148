using System.Text.Json.Nodes;

namespace Ticketing.House.Tests;

/// <summary>
/// What is published now can be read by every released build, and the other way round. A new release:
/// <c>FREEZE_SCHEMAS=2 dotnet tests/House.Tests/bin/Debug/net10.0/Ticketing.House.Tests.dll</c>, then its digest.
/// </summary>
public class FrozenSchemaTests
{
    public FrozenSchemaTests() => FrozenSchemas.Freeze();

    [Fact]
    public void No_published_record_breaks_a_released_build()
    {
        var breaks = from release in FrozenSchemas.Releases
                     from topic in PublishedTopic.All
                     from broken in EventSchema.Breaks(FrozenSchemas.Read(release, topic), EventSchema.Of(topic.Data))
                     select $"release {release}, {topic.Data.Name}{broken}";
        Assert.Equal("", string.Join('\n', breaks));
    }

    [Fact]
    public void A_frozen_schema_is_never_changed()
    {
        Assert.NotEmpty(FrozenSchemas.Digests);
        Assert.Equal(FrozenSchemas.Digests,
            FrozenSchemas.Releases.ToDictionary(release => release, FrozenSchemas.DigestOf));
    }

    public static TheoryData<string, Action<JsonObject>> Breaking => new()
    {
        { "a member is gone", ticket => Members(ticket).Remove("venue") },
        { "a required member is gone", ticket => Members(ticket).Remove("version") },
        { "an inner member is gone", ticket => Members(Lock(ticket)).Remove("until") },
        { "a type is another", ticket => Members(ticket)["bookVersion"] = new JsonObject { ["type"] = "string" } },
        { "an inner type is another", ticket => Members(Lock(ticket))["seq"] = new JsonObject { ["type"] = "string" } },
        { "a format is another", ticket => Members(ticket)["id"]!["format"] = "OrderId" },
        { "an optional member is required", ticket => Required(ticket).Add("venue") },
        { "an inner optional member is required", ticket => Required(Lock(ticket)).Add("reason") },
        { "a required member is optional", ticket => Required(ticket).RemoveAt(0) },
        { "a new member is required", ticket => { Members(ticket)["rows"] = Text(); Required(ticket).Add("rows"); } },
        { "a word is gone", ticket => Members(Lock(ticket))["state"]!["enum"]!.AsArray().RemoveAt(0) },
        { "words are any text", ticket => Members(Lock(ticket))["state"] = Text() },
    };

    [Theory, MemberData(nameof(Breaking), DisableDiscoveryEnumeration = true)]
    public void A_breaking_change_is_found(string what, Action<JsonObject> change)
    {
        var changed = Ticket();
        change(changed);
        Assert.True(EventSchema.Breaks(Ticket(), changed).Any(), $"Not found: {what}.");
    }

    public static TheoryData<string, Action<JsonObject>> Harmless => new()
    {
        { "nothing", _ => { } },
        { "a new member that may be absent", ticket => Members(ticket)["rows"] = Text() },
        { "a new word", ticket => Members(Lock(ticket))["state"]!["enum"]!.AsArray().Add("reserved") },
    };

    [Theory, MemberData(nameof(Harmless), DisableDiscoveryEnumeration = true)]
    public void A_record_may_grow(string what, Action<JsonObject> change)
    {
        var changed = Ticket();
        change(changed);
        Assert.True(!EventSchema.Breaks(Ticket(), changed).Any(), $"Refused: {what}.");
    }

    static JsonObject Ticket() => FrozenSchemas.Read(1, PublishedTopic.All[0]);
    static JsonObject Lock(JsonObject ticket) => Members(ticket)["lock"]!.AsObject();
    static JsonObject Members(JsonObject schema) => schema["properties"]!.AsObject();
    static JsonArray Required(JsonObject schema) => schema["required"]!.AsArray();
    static JsonObject Text() => new() { ["type"] = "string" };
}
