using Ticketing.Sidecar.Json;
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
    public void WriteTo(GoJsonWriter json)
    {
        json.StartObject().Member("errorCode", Code).Member("message", Message);
        if (Details.Count > 0)
        {
            json.Name("details").StartArray();
            foreach (var detail in Details) detail.WriteTo(json);
            json.EndArray();
        }

        json.EndObject();
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
    protected const string TypeUrl = "type.googleapis.com/google.rpc.";

    public abstract void WriteTo(GoJsonWriter json);

    public abstract IMessage ToMessage();
}

/// <param name="Metadata">Null is written as null. Keys are written in order.</param>
public sealed record ErrorInfo(string Reason, IReadOnlyDictionary<string, string>? Metadata = null) : ErrorDetail
{
    const string Domain = "dapr.io";

    public override void WriteTo(GoJsonWriter json)
    {
        json.StartObject().Member("@type", TypeUrl + "ErrorInfo").Member("domain", Domain).Name("metadata");
        if (Metadata is null) json.Null();
        else
        {
            json.StartObject();
            foreach (var (key, value) in Metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                json.Member(key, value);
            json.EndObject();
        }

        json.Member("reason", Reason).EndObject();
    }

    public override IMessage ToMessage()
    {
        var info = new Google.Rpc.ErrorInfo { Domain = Domain, Reason = Reason };
        if (Metadata is not null) info.Metadata.Add(new Dictionary<string, string>(Metadata));
        return info;
    }
}

public sealed record ResourceInfo(string ResourceType, string ResourceName, string Owner = "",
    string Description = "") : ErrorDetail
{
    public override void WriteTo(GoJsonWriter json) => json.StartObject()
        .Member("@type", TypeUrl + "ResourceInfo").Member("description", Description).Member("owner", Owner)
        .Member("resource_name", ResourceName).Member("resource_type", ResourceType).EndObject();

    public override IMessage ToMessage() => new Google.Rpc.ResourceInfo
    {
        ResourceType = ResourceType, ResourceName = ResourceName, Owner = Owner, Description = Description,
    };
}

public sealed record BadField(string Field, string Description) : ErrorDetail
{
    public override void WriteTo(GoJsonWriter json) => json.StartObject()
        .Member("@type", TypeUrl + "BadRequest").Name("field_violations").StartArray().StartObject()
        .Member("field", Field).Member("description", Description).EndObject().EndArray().EndObject();

    public override IMessage ToMessage() => new Google.Rpc.BadRequest
    {
        FieldViolations = { new Google.Rpc.BadRequest.Types.FieldViolation { Field = Field,
            Description = Description } },
    };
}

public sealed record HelpLink(string Url, string Description) : ErrorDetail
{
    public override void WriteTo(GoJsonWriter json) => json.StartObject()
        .Member("@type", TypeUrl + "Help").Name("links").StartArray().StartObject()
        .Member("description", Description).Member("url", Url).EndObject().EndArray().EndObject();

    public override IMessage ToMessage() => new Google.Rpc.Help
    {
        Links = { new Google.Rpc.Help.Types.Link { Url = Url, Description = Description } },
    };
}
