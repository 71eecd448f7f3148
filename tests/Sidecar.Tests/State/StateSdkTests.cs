using Dapr;
using Dapr.Client;
using Grpc.Core;

namespace Ticketing.Sidecar.Tests.State;

/// <summary>State through the official client, which speaks gRPC.</summary>
public sealed class StateSdkTests : IAsyncLifetime
{
    static readonly StateOptions FirstWrite = new() { Concurrency = ConcurrencyMode.FirstWrite };

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    TestSidecar _dapr = null!;
    DaprClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _dapr = await TestSidecar.StartAsync(Yaml.Component("store", "state.in-memory"));
        _client = _dapr.Client();
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return _dapr.DisposeAsync();
    }

    [Fact]
    public async Task What_was_saved_is_read_with_its_etag()
    {
        await _client.SaveStateAsync("store", "k", new Seat("A1", 5), cancellationToken: Ct);

        var (seat, etag) = await _client.GetStateAndETagAsync<Seat>("store", "k", cancellationToken: Ct);

        Assert.Equal(new Seat("A1", 5), seat);
        Assert.NotEmpty(etag);
    }

    [Fact]
    public async Task What_is_missing_is_null_with_an_empty_etag()
    {
        var (seat, etag) = await _client.GetStateAndETagAsync<Seat>("store", "none", cancellationToken: Ct);

        Assert.Null(seat);
        Assert.Empty(etag);
    }

    [Fact]
    public async Task Of_two_writers_with_one_etag_one_wins()
    {
        await _client.SaveStateAsync("store", "k", 1, cancellationToken: Ct);
        var (_, etag) = await _client.GetStateAndETagAsync<int>("store", "k", cancellationToken: Ct);

        Assert.True(await _client.TrySaveStateAsync("store", "k", 2, etag, cancellationToken: Ct));
        Assert.False(await _client.TrySaveStateAsync("store", "k", 3, etag, cancellationToken: Ct));
        Assert.False(await _client.TryDeleteStateAsync("store", "k", etag, cancellationToken: Ct));
        Assert.Equal(2, await _client.GetStateAsync<int>("store", "k", cancellationToken: Ct));
    }

    [Fact]
    public async Task A_new_entry_is_created_once()
    {
        var first = await _client.GetStateEntryAsync<int>("store", "new", cancellationToken: Ct);
        var second = await _client.GetStateEntryAsync<int>("store", "new", cancellationToken: Ct);

        Assert.True(await first.TrySaveAsync(FirstWrite, cancellationToken: Ct));
        Assert.False(await second.TrySaveAsync(FirstWrite, cancellationToken: Ct));
    }

    [Fact]
    public async Task Bytes_stay_the_bytes_they_were()
    {
        var bytes = "{ \"b\" : 1.50, \"a\":\"<x>\" }"u8.ToArray();

        await _client.SaveByteStateAsync("store", "raw", bytes, cancellationToken: Ct);

        Assert.Equal(bytes, (await _client.GetByteStateAsync("store", "raw", cancellationToken: Ct)).ToArray());
    }

    [Fact]
    public async Task A_transaction_is_all_or_nothing()
    {
        await _client.SaveStateAsync("store", "a", 1, cancellationToken: Ct);
        var operations = new List<StateTransactionRequest>
        {
            new("b", "2"u8.ToArray(), StateOperationType.Upsert),
            new("a", "3"u8.ToArray(), StateOperationType.Upsert, etag: "stale"),
        };

        var error = await Assert.ThrowsAsync<DaprException>(
            () => _client.ExecuteStateTransactionAsync("store", operations, cancellationToken: Ct));

        Assert.Equal(StatusCode.Internal, Assert.IsType<RpcException>(error.InnerException).StatusCode);
        Assert.Equal(0, await _client.GetStateAsync<int>("store", "b", cancellationToken: Ct));
        await _client.ExecuteStateTransactionAsync("store", operations[..1], cancellationToken: Ct);
        Assert.Equal(2, await _client.GetStateAsync<int>("store", "b", cancellationToken: Ct));
    }

    [Fact]
    public async Task Many_are_saved_and_read_in_one_call_each()
    {
        await _client.SaveBulkStateAsync<int>("store", [new("a", 1, ""), new("b", 2, "")], Ct);

        var found = await _client.GetBulkStateAsync<int>("store", ["b", "none", "a"], null, cancellationToken: Ct);
        Assert.Equal([("b", 2), ("none", 0), ("a", 1)], found.Select(item => (item.Key, item.Value)));
    }

    [Fact]
    public async Task An_unknown_store_is_an_invalid_argument()
    {
        var error = await Assert.ThrowsAsync<DaprException>(
            () => _client.GetStateAsync<int>("nostore", "k", cancellationToken: Ct));

        Assert.Equal(StatusCode.InvalidArgument, Assert.IsType<RpcException>(error.InnerException).StatusCode);
    }

    sealed record Seat(string Name, int Price);
}
