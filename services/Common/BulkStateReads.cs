using Dapr.Client.Autogen.Grpc.v1;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Configuration;

namespace Ticketing.Common;

/// <summary>
/// Reads several keys at once over the sidecar's gRPC API. <see cref="Dapr.Client.DaprClient"/> does the same, but drops
/// the error of a single key, which then looks absent.
/// </summary>
public sealed class BulkStateReads(IConfiguration configuration, HttpMessageHandler? handler = null) : IDisposable
{
    readonly Lazy<GrpcChannel> channel = new(() =>
        GrpcChannel.ForAddress(AddressOf(configuration), new() { HttpHandler = handler }));

    /// <exception cref="SidecarException">A key could not be read, or is missing in the reply.</exception>
    /// <exception cref="RpcException">The sidecar did not answer.</exception>
    public async Task<IReadOnlyDictionary<string, Stored>> Read(
        string store, IReadOnlyList<string> keys, CancellationToken ct)
    {
        var request = new GetBulkStateRequest { StoreName = store, Keys = { keys }, Parallelism = keys.Count };
        var headers = configuration["DAPR_API_TOKEN"] is { Length: > 0 } token
            ? new Metadata { { "dapr-api-token", token } } : [];
        var client = new Dapr.Client.Autogen.Grpc.v1.Dapr.DaprClient(channel.Value);
        var reply = await client.GetBulkStateAsync(request, headers, cancellationToken: ct);
        var items = reply.Items.DistinctBy(item => item.Key).ToDictionary(item => item.Key);
        foreach (var key in keys)
        {
            if (!items.TryGetValue(key, out var item) || item.Error.Length > 0)
                throw new SidecarException($"The bulk read of {key} failed: {item?.Error ?? "it is not in the reply"}");
        }
        return items.Values.Where(item => !item.Data.IsEmpty)
            .ToDictionary(item => item.Key, item => new Stored(item.Data.Memory, item.Etag));
    }

    // The same settings as DaprClient's, of which also only scheme, host and port count.
    static Uri AddressOf(IConfiguration configuration) => new(new Uri(configuration["DAPR_GRPC_ENDPOINT"]
        is { Length: > 0 } endpoint ? endpoint : $"http://localhost:{configuration["DAPR_GRPC_PORT"] ?? "50001"}")
        .GetLeftPart(UriPartial.Authority));

    public void Dispose()
    {
        if (channel.IsValueCreated)
            channel.Value.Dispose();
    }
}
