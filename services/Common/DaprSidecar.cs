using Dapr;
using Dapr.Client;
using Ticketing.Contracts;

namespace Ticketing.Common;

/// <summary>
/// The sidecar, through the official Dapr client. Every call has a timeout: a sidecar that hangs counts as failed.
/// </summary>
public sealed class DaprSidecar(
    DaprClient dapr, BulkStateReads bulk, EventLog log, Replica replica, TimeProvider clock) : ISidecar
{
    public const string StateStore = "statestore";
    public const string PubSub = "pubsub";
    public const string Broadcast = "broadcast";
    static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(5);
    static readonly StateOptions FirstWrite = new() { Concurrency = ConcurrencyMode.FirstWrite };

    public Task<Stored?> Get(string key, CancellationToken ct) => Call<Stored?>($"get {key}", async ct =>
    {
        var (value, etag) = await dapr.GetByteStateAndETagAsync(StateStore, key, ConsistencyMode.Strong, null, ct);
        return value.IsEmpty ? null : new Stored(value, etag);
    }, ct);

    public Task<IReadOnlyDictionary<string, Stored>> Get(IReadOnlyList<string> keys, CancellationToken ct) =>
        Call("bulk get", ct => bulk.Read(StateStore, keys, ct), ct);

    public Task<bool> Save(string key, ReadOnlyMemory<byte> value, string? etag, CancellationToken ct) =>
        Call($"save {key}",
            ct => dapr.TrySaveByteStateAsync(StateStore, key, value, etag ?? "", FirstWrite, null, ct), ct);

    public Task Transact(IReadOnlyList<StateWrite> writes, CancellationToken ct) =>
        Call($"write {writes[^1].Key}", async ct =>
        {
            await dapr.ExecuteStateTransactionAsync(StateStore, [.. writes.Select(write => new StateTransactionRequest(
                write.Key, write.Value.ToArray(), StateOperationType.Upsert, write.ETag))], null, ct);
            return true;
        }, ct);

    /// <summary>The broker did not accept the last message; used by the readiness report.</summary>
    public bool LastPublishFailed { get; private set; }

    public async Task Publish(Event message, CancellationToken ct)
    {
        using var span = Telemetry.StartPublish(message);
        var taken = false;
        var start = log.Start();
        try
        {
            await Call($"publish {message.Id}", async ct =>
            {
                await dapr.PublishEventAsync(Pubsub(message), message.Topic, message.Data, new()
                {
                    ["cloudevent.id"] = message.Id,
                    ["cloudevent.source"] = replica.Source,
                    ["cloudevent.type"] = message.Type,
                    ["cloudevent.subject"] = message.Subject,
                }, ct);
                return true;
            }, ct);
            taken = true;
        }
        finally
        {
            LastPublishFailed = !taken;
            log.Published(message, Pubsub(message), start, taken);
        }
    }

    // Every replica needs revoked sessions; for all other topics one replica of a service is enough.
    static string Pubsub(Event message) => message.Topic == Topics.Sessions ? Broadcast : PubSub;

    async Task<TResult> Call<TResult>(string what, Func<CancellationToken, Task<TResult>> call, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(CallTimeout, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, ct);
        try
        {
            return await call(linked.Token);
        }
        catch (Exception e) when (e is DaprException or Grpc.Core.RpcException
            || e is OperationCanceledException && !ct.IsCancellationRequested)
        {
            throw new SidecarException($"The sidecar failed to {what}.", e);
        }
    }
}
