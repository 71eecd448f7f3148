using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging.Abstractions;
using Ticketing.Contracts;
using Ticketing.Testing;

namespace Ticketing.Common.Tests;

public sealed record Seat(string Id, string? Guest, long Version) : IAggregate<Seat>
{
    static readonly Refusal Taken = new(409, "seat-taken", "Somebody else has this seat.");

    public static string Kind => "seat";
    public static Seat Absent(string id) => new(id, null, 0);
    public bool IsSettled(DateTimeOffset now) => true;          // nobody has to answer
    public IEnumerable<Event> Repeat() => [Changed()];

    public Decision<Seat> Take(string guest)
    {
        if (Guest == guest)
            return this;                                        // asked twice is done once
        if (Guest is not null)
            return Taken;
        var taken = this with { Guest = guest, Version = Version + 1 };
        return Decision.Changed(taken, taken.Changed());
    }

    Event Changed() => new($"seat:{Id}:{Version}", "seats", "seat.taken", Id,
        JsonSerializer.SerializeToElement(this, SeatJson.Default.Seat));
}

[JsonSerializable(typeof(Document<Seat>))]
sealed partial class SeatJson : JsonSerializerContext;

// services.AddSingleton<ISidecar, DaprSidecar>().AddAggregate(SeatJson.Default.DocumentSeat);
sealed class Reception(AggregateStore<Seat> seats)
{
    public async Task<string> Seat(string id, string guest, CancellationToken ct)
    {
        var decision = await seats.Update(id, seat => seat.Take(guest), ct);
        return decision.Refusal?.Title ?? $"{guest} has seat {id}.";
    }
}

public class ReadmeExample
{
    [Fact]
    public void The_example_in_the_readme_works()
    {
        var world = new SimWorld(1);
        var host = new AggregateHost(
            new InMemorySidecar(new()), world.Random, NullLoggerFactory.Instance, world.Clock);
        var reception = new Reception(new(host, SeatJson.Default.DocumentSeat));
        Assert.Equal("ann has seat A7.", world.Complete(() => reception.Seat("A7", "ann", default)));
        Assert.Equal("Somebody else has this seat.", world.Complete(() => reception.Seat("A7", "ben", default)));
    }

    [Fact]
    public void The_readme_shows_this_very_code()
    {
        var code = File.ReadAllText(Repository.At("tests/Common.Tests/ReadmeExample.cs"));
        var from = code.IndexOf("public sealed record Seat", StringComparison.Ordinal);
        var to = code.IndexOf("\npublic class ReadmeExample", StringComparison.Ordinal);
        Assert.Contains(code[from..to].Trim(), File.ReadAllText(
            Repository.At("services/Aggregates/README.md")), StringComparison.Ordinal);
    }
}
