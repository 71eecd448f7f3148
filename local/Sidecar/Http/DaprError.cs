using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Ticketing.Sidecar.Http;

/// <summary>A refusal in Dapr's words: the same error for HTTP and gRPC callers.</summary>
/// <param name="Code">As callers test it: <c>ERR_STATE_SAVE</c>.</param>
/// <param name="Details">Only some errors carry them; in the order in which they are written.</param>
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
            foreach (var detail in Details)
            {
                json.WriteStartObject();
                detail.WriteTo(json);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    public RpcException ToRpcException()
    {
        var status = new Status(GrpcStatus, Message);
        if (Details.Count == 0) return new RpcException(status);
        var rich = new Google.Rpc.Status { Code = (int)GrpcStatus, Message = Message };
        rich.Details.AddRange(Details.Select(detail => Any.Pack(detail.ToMessage())));
        return new RpcException(status, new Metadata { { "grpc-status-details-bin", rich.ToByteArray() } });
    }
}

/// <summary>One entry of an error's details; every key is always written.</summary>
public abstract record ErrorDetail
{
    /// <summary>Writes the members of the entry's object.</summary>
    public abstract void WriteTo(Utf8JsonWriter json);

    public abstract IMessage ToMessage();

    protected static void WriteType(Utf8JsonWriter json, string type) =>
        json.WriteString("@type", $"type.googleapis.com/google.rpc.{type}");
}

/// <param name="Metadata">Null is written as null. Keys are written in order.</param>
public sealed record ErrorInfo(string Reason, IReadOnlyDictionary<string, string>? Metadata = null) : ErrorDetail
{
    const string Domain = "dapr.io";

    public override void WriteTo(Utf8JsonWriter json)
    {
        WriteType(json, "ErrorInfo");
        json.WriteString("domain", Domain);
        json.WritePropertyName("metadata");
        if (Metadata is null) json.WriteNullValue();
        else json.WriteTexts(Metadata);
        json.WriteString("reason", Reason);
    }

    public override IMessage ToMessage()
    {
        var info = new Google.Rpc.ErrorInfo { Domain = Domain, Reason = Reason };
        if (Metadata is not null) info.Metadata.Add(new Dictionary<string, string>(Metadata));
        return info;
    }
}

public sealed record ResourceInfo(string ResourceType, string ResourceName, string Description = "") : ErrorDetail
{
    public override void WriteTo(Utf8JsonWriter json)
    {
        WriteType(json, "ResourceInfo");
        json.WriteString("description", Description);
        json.WriteString("owner", "");
        json.WriteString("resource_name", ResourceName);
        json.WriteString("resource_type", ResourceType);
    }

    public override IMessage ToMessage() => new Google.Rpc.ResourceInfo
    {
        ResourceType = ResourceType, ResourceName = ResourceName, Description = Description,
    };
}

public sealed record BadField(string Field, string Description) : ErrorDetail
{
    public override void WriteTo(Utf8JsonWriter json)
    {
        WriteType(json, "BadRequest");
        json.WriteStartArray("field_violations");
        json.WriteStartObject();
        json.WriteString("field", Field);
        json.WriteString("description", Description);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    public override IMessage ToMessage() => new Google.Rpc.BadRequest
    {
        FieldViolations =
        {
            new Google.Rpc.BadRequest.Types.FieldViolation { Field = Field, Description = Description },
        },
    };
}
