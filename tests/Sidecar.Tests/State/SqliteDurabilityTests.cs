using Microsoft.Data.Sqlite;
using Ticketing.Sidecar.Components;

namespace Ticketing.Sidecar.Tests.State;

public sealed class SqliteDurabilityTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static readonly string Store = Yaml.Component("store", "state.sqlite", ("connectionString", "data.db"));

    [Fact]
    public async Task What_was_acknowledged_is_there_after_the_sidecar_was_killed()
    {
        string folder;
        await using (var first = await TestSidecar.StartAsync(Store))
        {
            folder = first.Folder;
            using var item = new StringContent("""[{"key":"k","value":{"b":1,"a":2}}]""");
            using var saved = await first.Http.PostAsync("/v1.0/state/store", item, Ct);
            saved.EnsureSuccessStatusCode();
            await first.Sidecar.KillAsync();
        }

        await using var second = await TestSidecar.StartAsync(Store, folder: folder);
        Assert.Equal("""{"a":2,"b":1}""", await second.Http.GetStringAsync("/v1.0/state/store/k", Ct));
    }

    [Fact]
    public async Task The_file_is_laid_out_as_daprd_lays_it_out()
    {
        await using var dapr = await TestSidecar.StartAsync(Store);
        using var client = dapr.Client();
        using var item = new StringContent("""[{"key":"json","value":"<x>"}]""");
        using var saved = await dapr.Http.PostAsync("/v1.0/state/store?metadata.ttlInSeconds=3600", item, Ct);
        await client.SaveByteStateAsync("store", "bytes", "abc"u8.ToArray(), cancellationToken: Ct);

        using var file = new SqliteConnection($"Data Source={Path.Combine(dapr.Folder, "data.db")};Pooling=False");
        file.Open();

        Assert.Equal(["app||bytes|YWJj|1|text|null", "app||json|\"<x>\"|0|text|text"], Rows(file,
            "SELECT key || '|' || value || '|' || is_binary || '|' || typeof(etag) || '|' || typeof(expiration_time) FROM state ORDER BY key"));
        Assert.Equal(["migrations=1"], Rows(file, "SELECT key || '=' || value FROM metadata"));
        Assert.Equal(["1"], Rows(file,
            "SELECT count(*) FROM state WHERE expiration_time > DATETIME(CURRENT_TIMESTAMP, '+3500 seconds')"));
    }

    [Fact]
    public async Task Two_sidecars_of_one_process_share_the_file_and_each_others_conflicts()
    {
        await using var host = new SidecarHost(KnownComponents.Registry);
        await using var first = await TestSidecar.StartAsync(Store, host: host);
        await using var second = await TestSidecar.StartAsync(Store, host: host, folder: first.Folder);
        using var one = first.Client();
        using var two = second.Client();

        await one.SaveStateAsync("store", "k", 1, cancellationToken: Ct);
        var (_, etag) = await two.GetStateAndETagAsync<int>("store", "k", cancellationToken: Ct);

        var won = await Task.WhenAll(
            one.TrySaveStateAsync("store", "k", 2, etag, cancellationToken: Ct), two
                .TrySaveStateAsync("store", "k", 3, etag, cancellationToken: Ct));
        Assert.Single(won, true);
    }

    [Fact]
    public async Task Writers_that_share_a_commit_are_each_told_their_own_outcome()
    {
        await using var dapr = await TestSidecar.StartAsync(Store);
        using var client = dapr.Client();

        var saved = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => i % 2 == 0
            ? client.TrySaveStateAsync("store", $"k{i}", i, "", cancellationToken: Ct)
            : client.TrySaveStateAsync("store", $"k{i}", i, "no-such-etag", cancellationToken: Ct)));

        Assert.Equal(Enumerable.Range(0, 200).Select(i => i % 2 == 0), saved);
        var found = await client.GetBulkStateAsync<int>("store", [.. Enumerable.Range(0, 200).Select(i => $"k{i}")],
            null, cancellationToken: Ct);
        Assert.Equal(Enumerable.Range(0, 200).Where(i => i % 2 == 0),
            found.Where(item => item.ETag.Length > 0).Select(item => item.Value).Order());
    }

    static List<string> Rows(SqliteConnection file, string sql)
    {
        using var command = file.CreateCommand();
        command.CommandText = sql;
        using var rows = command.ExecuteReader();
        var found = new List<string>();
        while (rows.Read()) found.Add(rows.GetString(0));
        return found;
    }
}
