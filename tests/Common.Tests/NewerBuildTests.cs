using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging.Abstractions;
using Ticketing.Contracts;
using Ticketing.Testing;

namespace Ticketing.Common.Tests;

/// <summary>Documents of a newer build, which knows more members and more words, during an upgrade or after its undoing.</summary>
public class NewerBuildTests
{
    const string Newer = """
        {"state":{"id":"a","color":"ultraviolet","version":3,"watts":{"max":60}},
         "outbox":[{"id":"lamps:a:3","topic":"lamps","type":"lamp.changed","subject":"a","data":{"b":1},"priority":"high"}],
         "entries":["00"],"tenant":"north"}
        """;

    readonly SimWorld world = new(1);
    readonly InMemoryStore store = new();

    [Fact]
    public void Unknown_members_survive_a_command()
    {
        Put("lamp:a", Newer.Replace("ultraviolet", "red", StringComparison.Ordinal));
        var lamps = Start().Lamps;
        world.Complete(() => lamps.Update("a", lamp => lamp.Turn(Color.Green)));

        Assert.Contains("\"color\":\"green\",\"version\":4,\"watts\":{\"max\":60}", Text("lamp:a"), StringComparison.Ordinal);
        Assert.Contains("\"tenant\":\"north\"", Text("lamp:a"), StringComparison.Ordinal);
        Assert.Contains("\"priority\":\"high\"", Text("lamp:a"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_on_an_unknown_word_is_stopped_and_changes_nothing()
    {
        Put("lamp:a", Newer);
        var (sidecar, lamps) = Start();
        var fault = Assert.Throws<NewerVersionException>(
            () => world.Complete(() => lamps.Update("a", lamp => lamp.Turn(Color.Green))));
        world.Run(TimeSpan.FromSeconds(60));

        Assert.Contains("newer version", fault.Message, StringComparison.Ordinal);
        Assert.Equal(Newer, Text("lamp:a"));
        Assert.Empty(sidecar.Published);
        Assert.Equal(1, world.Complete(() => lamps.Update("b", lamp => lamp.Turn(Color.Green))).State!.Version);
    }

    [Fact]
    public void A_list_shows_it_beside_the_others()
    {
        Put("lamp:a", Newer);
        var lamps = Start().Lamps;
        world.Complete(() => lamps.Update("b", lamp => lamp.Turn(Color.Green)));
        var found = world.Complete(() => lamps.Find(["a", "b"]));
        Assert.Equal(["a", "b"], found.Keys.Order());
        Assert.False(Enum.IsDefined(found["a"].Color));
    }

    [Fact]
    public void What_a_dead_newer_process_left_is_published_and_stays_for_a_newer_one_to_settle()
    {
        Put("lamp:a", Newer);
        Put("lamp:b", Newer.Replace("ultraviolet", "red", StringComparison.Ordinal)
            .Replace("\"a\"", "\"b\"", StringComparison.Ordinal).Replace("lamps:a:3", "lamps:b:3", StringComparison.Ordinal));
        Put("journal:instances", """{"instances":[{"id":"dead","slots":64}]}""");
        Put("journal:dead:0", """{"key":"lamp:a"}""");
        Put("journal:dead:1", """{"key":"lamp:b"}""");
        var sidecar = Start().Sidecar;
        world.Run(TimeSpan.FromSeconds(60));

        Assert.Equal(["lamps:a:3", "lamps:b:3"], sidecar.Published.Select(e => e.Id).Order());
        Assert.Contains("\"color\":\"ultraviolet\",\"version\":3,\"watts\":{\"max\":60}", Text("lamp:a"), StringComparison.Ordinal);
        Assert.Equal(("""{"key":""}""", """{"key":""}"""), (Text("journal:dead:0"), Text("journal:dead:1")));
        // A process that keeps it in a slot of its own will be taken over in its turn.
        Assert.Contains(store.Slots(), slot => slot == "lamp:a");
        Assert.DoesNotContain(store.Slots(), slot => slot == "lamp:b");
    }

    (InMemorySidecar Sidecar, AggregateStore<Lamp> Lamps) Start()
    {
        var sidecar = new InMemorySidecar(store);
        var host = new AggregateHost(sidecar, world.Random, NullLoggerFactory.Instance, world.Clock);
        var lamps = new AggregateStore<Lamp>(host, LampJson.Default.DocumentLamp);
        world.Within(() => host.Run(CancellationToken.None));
        return (sidecar, lamps);
    }

    void Put(string key, string json) => store.Save(key, Encoding.UTF8.GetBytes(json), null);

    string Text(string key) => Encoding.UTF8.GetString(store.Get(key)!.Value.Value.Span);
}

[JsonConverter(typeof(CamelCaseEnumConverter<Color>))]
public enum Color { Red, Green }

public sealed record Lamp(string Id, Color Color, long Version) : Extensible, IAggregate<Lamp>
{
    public static string Kind => "lamp";
    public static Lamp Absent(string id) => new(id, Color.Red, 0);

    public bool IsSettled(DateTimeOffset now) => true;
    public IEnumerable<Event> Repeat() => [];

    public Decision<Lamp> Turn(Color color)
    {
        var next = this with { Color = color, Version = Version + 1 };
        return Decision.Changed(next, new Event($"lamps:{Id}:{next.Version}", "lamps", "lamp.changed", Id,
            JsonElement.Parse("{}")));
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Document<Lamp>))]
sealed partial class LampJson : JsonSerializerContext;
