using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Proto = Dapr.Client.Autogen.Grpc.v1;

namespace Ticketing.Sidecar.State;

/// <summary>The state API over gRPC: values are bytes, unchanged.</summary>
sealed class StateRpc(StateStores stores)
{
    static readonly Empty Done = new();

    public void Map(RpcTable rpc)
    {
        rpc.Unary<Proto.GetStateRequest, Proto.GetStateResponse>("GetState", GetAsync);
        rpc.Unary<Proto.GetBulkStateRequest, Proto.GetBulkStateResponse>("GetBulkState", GetBulkAsync);
        rpc.Unary<Proto.SaveStateRequest, Empty>("SaveState", SaveAsync);
        rpc.Unary<Proto.DeleteStateRequest, Empty>("DeleteState", DeleteAsync);
        rpc.Unary<Proto.ExecuteStateTransactionRequest, Empty>("ExecuteStateTransaction", TransactAsync);
    }

    async Task<Proto.GetStateResponse> GetAsync(Proto.GetStateRequest request, ServerCallContext call)
    {
        var store = Store(request.StoreName);
        var key = Key(store, request.Key);
        try
        {
            var response = new Proto.GetStateResponse();
            if (await store.Store.GetAsync(key, call.CancellationToken) is not { } item) return response;
            response.Data = UnsafeByteOperations.UnsafeWrap(item.Value);
            response.Etag = item.ETag ?? "";
            if (item.ExpiresAt is { } expiry) response.Metadata["ttlExpireTime"] = Rfc3339.FormatSeconds(expiry);
            return response;
        }
        catch (StateStoreException error)
        {
            throw StateErrors.Get(store.Name, request.Key, error.Message).ToRpcException();
        }
    }

    async Task<Proto.GetBulkStateResponse> GetBulkAsync(Proto.GetBulkStateRequest request, ServerCallContext call)
    {
        var store = Store(request.StoreName);
        var response = new Proto.GetBulkStateResponse();
        if (request.Keys.Count == 0) return response;
        try
        {
            var items = await store.Store.BulkGetAsync([.. request.Keys.Select(key => Key(store, key))],
                call.CancellationToken);
            response.Items.AddRange(items.Select(Item));
            return response;
        }
        catch (StateStoreException error)
        {
            throw new RpcException(new Status(StatusCode.Unknown, error.Message));
        }
    }

    static Proto.BulkStateItem Item(BulkStateItem item)
    {
        var message = new Proto.BulkStateItem
        {
            Key = NamedStore.KeyOf(item.Key), Etag = item.Item?.ETag ?? "", Error = item.Error ?? "",
            Data = item.Item is null ? ByteString.Empty : UnsafeByteOperations.UnsafeWrap(item.Item.Value),
        };
        if (item.Item?.ExpiresAt is { } expiry) message.Metadata["ttlExpireTime"] = Rfc3339.FormatSeconds(expiry);
        return message;
    }

    async Task<Empty> SaveAsync(Proto.SaveStateRequest request, ServerCallContext call)
    {
        var store = Store(request.StoreName);
        if (request.States.Count == 0) return Done;
        var sets = request.States.Select(item =>
        {
            if (item.Key.Length == 0) throw StateErrors.EmptyKey.ToRpcException();
            return Request(item).ToSet(Key(store, item.Key));
        }).ToList();
        return Answer(await store.SaveAsync(sets, call.CancellationToken),
            refused => StateErrors.Save(store.Name, refused));
    }

    async Task<Empty> DeleteAsync(Proto.DeleteStateRequest request, ServerCallContext call)
    {
        var store = Store(request.StoreName);
        var item = new Proto.StateItem
        {
            Key = request.Key, Etag = request.Etag, Options = request.Options,
            Metadata = { request.Metadata }
        };
        var delete = Request(item).ToDelete(Key(store, request.Key));
        return Answer(await store.DeleteAsync(delete, call.CancellationToken),
            refused => StateErrors.Delete(request.Key, refused));
    }

    async Task<Empty> TransactAsync(Proto.ExecuteStateTransactionRequest request, ServerCallContext call)
    {
        var store = Store(request.StoreName);
        IReadOnlyList<StateOperation> operations = [.. request.Operations.Select(item => Operation(item, store))];
        if (operations.Count == 0) return Done;
        return Answer(await store.TransactAsync(operations, request.Metadata, call.CancellationToken),
            StateErrors.Transaction);
    }

    static StateOperation Operation(Proto.TransactionalStateOperation operation, NamedStore store)
    {
        var item = operation.Request ?? new Proto.StateItem();
        var key = Key(store, item.Key);
        return operation.OperationType switch
        {
            "upsert" => (Request(item) with { Value = item.Value.Memory, IsJson = false }).ToSet(key),
            "delete" => Request(item).ToDelete(key),
            var other => throw StateErrors.UnknownOperation(other).ToRpcException(),
        };
    }

    // If declared as JSON it is parsed and written again, as over HTTP.
    static StateRequest Request(Proto.StateItem item)
    {
        var value = item.Value.Memory;
        var isJson = item.Metadata.TryGetValue("contentType", out var type) && type == "application/json";
        try
        {
            if (isJson) value = DaprJson.Compact(DaprJson.Read(value.Span));
        }
        catch (JsonException error)
        {
            throw new RpcException(new Status(StatusCode.Unknown, error.Message));
        }

        return new StateRequest(item.Key, value, item.Etag?.Value, "", "", item.Metadata, isJson)
        {
            Concurrency = item.Options?.Concurrency switch
            {
                Proto.StateOptions.Types.StateConcurrency.ConcurrencyFirstWrite => "first-write",
                Proto.StateOptions.Types.StateConcurrency.ConcurrencyLastWrite => "last-write",
                _ => "",
            },
        };
    }

    NamedStore Store(string name) =>
        stores.Find(name, out var store) is { } refusal ? throw refusal.ToRpcException() : store;

    static string Key(NamedStore store, string key) =>
        store.Stored(key) ?? throw StateErrors.IllegalKey(store.Name, key, key).ToRpcException();

    static Empty Answer(StateOutcome outcome, Func<StateOutcome, DaprError> refused) =>
        outcome.IsDone ? Done : throw refused(outcome).ToRpcException();
}
