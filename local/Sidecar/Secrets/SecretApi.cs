using Grpc.Core;
using Polly.Timeout;
using Proto = Dapr.Client.Autogen.Grpc.v1;
using Secret = System.Collections.Generic.IReadOnlyDictionary<string, string>;

namespace Ticketing.Sidecar.Secrets;

/// <summary>The secrets API over HTTP and gRPC, within the scopes of the Configuration.</summary>
sealed class SecretApi(AppSidecar sidecar)
{
    static readonly DaprError NotConfigured =
        new(500, StatusCode.FailedPrecondition, "ERR_SECRET_STORES_NOT_CONFIGURED", "secret store is not configured");

    public static void Map(AppSidecar sidecar, RouteTable routes, RpcTable rpc)
    {
        var api = new SecretApi(sidecar);
        routes.Map("GET", "/v1.0/secrets/{store}/bulk", api.GetAllAsync);
        routes.Map("GET", "/v1.0/secrets/{store}/{key}", api.GetAsync);
        rpc.Unary<Proto.GetSecretRequest, Proto.GetSecretResponse>("GetSecret", api.GetAsync);
        rpc.Unary<Proto.GetBulkSecretRequest, Proto.GetBulkSecretResponse>("GetBulkSecret", api.GetAllAsync);
    }

    async Task GetAsync(HttpContext http, string[] values)
    {
        var (refusal, secret) = await ReadAsync(values[0], values[1], http.QueryMetadata(), http.RequestAborted);
        if (refusal is not null) await http.WriteErrorAsync(refusal);
        else await http.WriteJsonAsync(StatusCodes.Status200OK, json => json.WriteTexts(secret!), newline: true);
    }

    async Task<Proto.GetSecretResponse> GetAsync(Proto.GetSecretRequest request, ServerCallContext call)
    {
        var (refusal, secret) = await ReadAsync(request.StoreName, request.Key, request.Metadata,
            call.CancellationToken);
        if (refusal is not null) throw refusal.ToRpcException();
        return new Proto.GetSecretResponse { Data = { new Dictionary<string, string>(secret!) } };
    }

    async Task GetAllAsync(HttpContext http, string[] values)
    {
        var (refusal, secrets) = await ReadAllAsync(values[0], http.QueryMetadata(), http.RequestAborted);
        if (refusal is not null)
        {
            await http.WriteErrorAsync(refusal);
            return;
        }

        await http.WriteJsonAsync(StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            foreach (var (name, secret) in secrets.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            {
                json.WritePropertyName(name);
                json.WriteTexts(secret);
            }

            json.WriteEndObject();
        }, newline: true);
    }

    async Task<Proto.GetBulkSecretResponse> GetAllAsync(Proto.GetBulkSecretRequest request, ServerCallContext call)
    {
        var (refusal, secrets) = await ReadAllAsync(request.StoreName, request.Metadata, call.CancellationToken);
        if (refusal is not null) throw refusal.ToRpcException();
        var response = new Proto.GetBulkSecretResponse();
        foreach (var (name, secret) in secrets)
            response.Data.Add(name, new Proto.SecretResponse { Secrets = { new Dictionary<string, string>(secret) } });
        return response;
    }

    async Task<(DaprError? Refusal, Secret? Secret)> ReadAsync(string store, string key, Secret metadata,
        CancellationToken ct)
    {
        if (Find(store, out var secrets) is { } refusal) return (refusal, null);
        if (!IsAllowed(store, key))
            return (new(403, StatusCode.PermissionDenied, "ERR_PERMISSION_DENIED",
                $"access denied by policy to get {key} from {store}"), null);
        try
        {
            return (null, await Policy(store).Run(attempt => secrets.GetAsync(key, metadata, attempt), ct));
        }
        catch (Exception error) when (error is SecretException or TimeoutRejectedException)
        {
            return (Failed($"failed getting secret with key {key} from secret store {store}: {error.Message}"), null);
        }
    }

    async Task<(DaprError? Refusal, IEnumerable<KeyValuePair<string, Secret>> Secrets)> ReadAllAsync(string store,
        Secret metadata, CancellationToken ct)
    {
        if (Find(store, out var secrets) is { } refusal) return (refusal, []);
        try
        {
            var all = await Policy(store).Run(attempt => secrets.GetAllAsync(metadata, attempt), ct);
            return (null, all.Where(entry => IsAllowed(store, entry.Key)));
        }
        catch (Exception error) when (error is SecretException or TimeoutRejectedException)
        {
            return (Failed($"failed getting secrets from secret store {store}: {error.Message}"), []);
        }
    }

    static DaprError Failed(string message) => new(500, StatusCode.Internal, "ERR_SECRET_GET", message);

    DaprError? Find(string name, out ISecretStore store)
    {
        store = null!;
        var stores = sidecar.Components.SecretStores;
        if (stores.Count == 0) return NotConfigured;
        if (!stores.TryGetValue(name, out var loaded))
            return new(401, StatusCode.InvalidArgument, "ERR_SECRET_STORE_NOT_FOUND",
                $"failed finding secret store with key {name}");
        store = (ISecretStore)loaded.Instance;
        return null;
    }

    Policy Policy(string store) => sidecar.Policies.Outbound(store, ComponentKind.Secretstore);

    /// <summary>A list of allowed secrets is all there is; else what is denied is denied, and the default
    /// decides.</summary>
    bool IsAllowed(string store, string key)
    {
        SecretScope? scope = sidecar.Resources.Configuration.SecretScopes
            .LastOrDefault(scope => scope.StoreName == store);
        if (scope is null) return true;
        if (scope.Allowed.Count > 0) return scope.Allowed.Contains(key);
        return !scope.Denied.Contains(key) && !scope.DefaultAccess.Equals("deny", StringComparison.OrdinalIgnoreCase);
    }
}
