using Grpc.Core;
using Proto = Dapr.Client.Autogen.Grpc.v1;

namespace Ticketing.Sidecar.Secrets;

/// <summary>The secrets API over HTTP and gRPC, limited by the scopes of the Configuration.</summary>
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

    Task GetAsync(HttpContext http, string[] values)
    {
        var (store, key) = (values[0], values[1]);
        return Read(store, key, out var secret) is { } refusal
            ? http.WriteErrorAsync(refusal)
            : http.WriteJsonAsync(StatusCodes.Status200OK, json => Write(json, key, secret), newline: true);
    }

    Task<Proto.GetSecretResponse> GetAsync(Proto.GetSecretRequest request, ServerCallContext call) =>
        Read(request.StoreName, request.Key, out var secret) is { } refusal
            ? throw refusal.ToRpcException()
            : Task.FromResult(new Proto.GetSecretResponse { Data = { [request.Key] = secret } });

    Task GetAllAsync(HttpContext http, string[] values)
    {
        if (Find(values[0], out var secrets) is { } refusal) return http.WriteErrorAsync(refusal);
        return http.WriteJsonAsync(StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            var allowed = Allowed(values[0], secrets).OrderBy(entry => entry.Key, StringComparer.Ordinal);
            foreach (var (name, secret) in allowed)
            {
                json.WritePropertyName(name);
                Write(json, name, secret);
            }

            json.WriteEndObject();
        }, newline: true);
    }

    Task<Proto.GetBulkSecretResponse> GetAllAsync(Proto.GetBulkSecretRequest request, ServerCallContext call)
    {
        if (Find(request.StoreName, out var secrets) is { } refusal) throw refusal.ToRpcException();
        var response = new Proto.GetBulkSecretResponse();
        foreach (var (name, secret) in Allowed(request.StoreName, secrets))
            response.Data.Add(name, new Proto.SecretResponse { Secrets = { [name] = secret } });
        return Task.FromResult(response);
    }

    static void Write(Utf8JsonWriter json, string name, string secret)
    {
        json.WriteStartObject();
        json.WriteString(name, secret);
        json.WriteEndObject();
    }

    DaprError? Read(string store, string key, out string secret)
    {
        secret = "";
        if (Find(store, out var secrets) is { } refusal) return refusal;
        if (!IsAllowed(store, key))
            return new(403, StatusCode.PermissionDenied, "ERR_PERMISSION_DENIED",
                $"access denied by policy to get {key} from {store}");
        return secrets.TryGetValue(key, out secret!)
            ? null
            : new(500, StatusCode.Internal, "ERR_SECRET_GET",
                $"failed getting secret with key {key} from secret store {store}: secret {key} not found");
    }

    DaprError? Find(string name, out IReadOnlyDictionary<string, string> secrets)
    {
        secrets = new Dictionary<string, string>();
        var stores = sidecar.Components.SecretStores;
        if (stores.Count == 0) return NotConfigured;
        if (!stores.TryGetValue(name, out var loaded))
            return new(401, StatusCode.InvalidArgument, "ERR_SECRET_STORE_NOT_FOUND",
                $"failed finding secret store with key {name}");
        secrets = ((LocalFileSecretStore)loaded.Instance).Secrets;
        return null;
    }

    IEnumerable<KeyValuePair<string, string>> Allowed(string store, IReadOnlyDictionary<string, string> secrets) =>
        secrets.Where(entry => IsAllowed(store, entry.Key));

    /// <summary>A list of allowed secrets excludes all others; otherwise denied secrets are refused, and the default
    /// applies.</summary>
    bool IsAllowed(string store, string key)
    {
        var scope = sidecar.Resources.Configuration.SecretScopes.LastOrDefault(scope => scope.StoreName == store);
        if (scope is null) return true;
        if (scope.Allowed.Count > 0) return scope.Allowed.Contains(key);
        return !scope.Denied.Contains(key) && !scope.DefaultAccess.Equals("deny", StringComparison.OrdinalIgnoreCase);
    }
}
