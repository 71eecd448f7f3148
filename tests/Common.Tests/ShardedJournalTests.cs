using System.Text;
using System.Text.Json;
using Ticketing.Testing;

namespace Ticketing.Common.Tests;

/// <summary>
/// A shop goes on with the data of a build that kept its journal in eight shared documents. The fixture was written by
/// that build: its process was killed while it published.
/// </summary>
public class ShardedJournalTests
{
    readonly SimWorld world = new(1);
    readonly InMemoryStore store = new();

    public ShardedJournalTests()
    {
        using var fixture = JsonDocument.Parse(
            File.ReadAllText(Repository.At("tests/Common.Tests/Fixtures/sharded-journal.json")));
        foreach (var document in fixture.RootElement.EnumerateObject())
            store.Save(document.Name, Encoding.UTF8.GetBytes(document.Value.GetRawText()), null);
    }

    [Fact]
    public void Nothing_that_was_left_is_lost_and_the_entries_go()
    {
        var one = new Instance(world, store);
        Assert.NotEmpty(Entries());
        world.Run(TimeSpan.FromSeconds(30));
        Assert.Contains("changed:unpublished:1", one.Sidecar.Published.Select(e => e.Id));
        Assert.Contains("again:waits:1", one.Sidecar.Published.Select(e => e.Id));
        Assert.Equal(["counter:waits"], one.Host.Unfinished.Keys);
        Assert.Empty(Entries());
        Assert.Equal(2, world.Complete(() => one.Counters.Update("settled", c => c.Add(1))).State!.Count);
    }

    [Fact]
    public void Entries_that_an_old_replica_adds_during_the_upgrade_are_taken_over_too()
    {
        var one = new Instance(world, store);
        world.Run(TimeSpan.FromSeconds(30));
        var answers = world.Complete(() => one.Counters.Update("waits", c => c.Answered()));
        Assert.True(answers.Changed);
        Put("journal:5", """{"entries":[{"id":"aaaaaaaaaaaaaaaaaaaa","key":"counter:unpublished"}]}""");
        world.Run(TimeSpan.FromSeconds(30));
        Assert.Empty(Entries());
        Assert.Empty(one.Host.Unfinished.Keys);
    }

    [Fact]
    public void A_damaged_shard_stops_nothing()
    {
        foreach (var key in ShardedJournal.Keys)
            Put(key, "{\"entries\":[{");
        var one = new Instance(world, store);
        Assert.Equal(1, world.Complete(() => one.Counters.Update("a", c => c.Add(1))).State!.Count);
        world.Run(TimeSpan.FromSeconds(30));
        Assert.True(one.Runs.Status is TaskStatus.WaitingForActivation, "Recovery has ended.");
    }

    List<string> Entries() => [.. ShardedJournal.Keys.Where(key => store.Get(key) is not null)
        .SelectMany(key => JsonDocument.Parse(store.Get(key)!.Value.Value).RootElement.GetProperty("entries")
            .EnumerateArray().Select(entry => entry.GetProperty("key").GetString()!))];

    void Put(string key, string json) =>
        Assert.True(store.Save(key, Encoding.UTF8.GetBytes(json), store.Get(key)?.ETag));
}
