using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Ticketing.Sidecar.Http;

/// <summary>An error response, the same for HTTP and gRPC.</summary>
/// <param name="Code">The code for callers, such as <c>ERR_STATE_SAVE</c>.</param>
/// <param name="Details">Null for most errors; written in this order.</param>
public sealed record DaprError(int Status, StatusCode GrpcStatus, string Code, string Message,
    params IReadOnlyList<ErrorDetail> Details)
{
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("errorCode", Code);
        json.WriteString("message", Message);
        if (Details.Count > 0)
        {
            json.WriteStartArray("details");
            foreach (var detail in Details) detail.Json.WriteTo(json);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    public RpcException ToRpcException()
    {
        var status = new Status(GrpcStatus, Message);
        if (Details.Count == 0) return new RpcException(status);
        var rich = new Google.Rpc.Status { Code = (int)GrpcStatus, Message = Message };
        rich.Details.AddRange(Details.Select(detail => Any.Pack(detail.Message)));
        return new RpcException(status, new Metadata { { "grpc-status-details-bin", rich.ToByteArray() } });
    }
}

/// <summary>One entry of an error's details, as gRPC sends it and as JSON, where every key is always written.</summary>
public sealed record ErrorDetail(IMessage Message, JsonObject Json)
{
    const string Domain = "dapr.io";

    /// <param name="metadata">Null is written as null.</param>
    public static ErrorDetail Info(string reason, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var message = new Google.Rpc.ErrorInfo { Domain = Domain, Reason = reason };
        if (metadata is not null) message.Metadata.Add(metadata.ToDictionary());
        var texts = metadata?.OrderBy(item => item.Key, StringComparer.Ordinal)
            .Select(item => KeyValuePair.Create(item.Key, (JsonNode?)item.Value));
        return new(message, new()
        {
            ["@type"] = TypeOf(message), ["domain"] = Domain,
            ["metadata"] = texts is null ? null : new JsonObject(texts), ["reason"] = reason,
        });
    }

    public static ErrorDetail Resource(string type, string name, string description = "")
    {
        var message = new Google.Rpc.ResourceInfo
        {
            ResourceType = type, ResourceName = name, Description = description,
        };
        return new(message, new()
        {
            ["@type"] = TypeOf(message), ["description"] = description, ["owner"] = "", ["resource_name"] = name,
            ["resource_type"] = type,
        });
    }

    public static ErrorDetail BadField(string field, string description)
    {
        var message = new Google.Rpc.BadRequest
        {
            FieldViolations = { new Google.Rpc.BadRequest.Types.FieldViolation
        {
            Field = field, Description = description,
        } }
        };
        var violation = new JsonObject { ["field"] = field, ["description"] = description };
        return new(message, new() { ["@type"] = TypeOf(message), ["field_violations"] = new JsonArray(violation) });
    }

    static string TypeOf(IMessage message) => $"type.googleapis.com/{message.Descriptor.FullName}";
}
