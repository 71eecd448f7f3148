using Google.Protobuf;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;

namespace Ticketing.Sidecar.Rpc;

/// <summary>The methods of <c>dapr.proto.runtime.v1.Dapr</c> that this sidecar serves; all others are
/// UNIMPLEMENTED.</summary>
public sealed class RpcTable
{
    const string Service = "dapr.proto.runtime.v1.Dapr";

    readonly List<Action<ServiceMethodProviderContext<DaprService>>> _methods = [];

    /// <summary>Errors are thrown as <c>error.ToRpcException()</c>.</summary>
    public void Unary<TRequest, TResponse>(string name, Func<TRequest, ServerCallContext, Task<TResponse>> handler)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        var method = new Method<TRequest, TResponse>(
            MethodType.Unary, Service, name, Codec<TRequest>(), Codec<TResponse>());
        _methods.Add(context => context.AddUnaryMethod(method, [], (_, request, call) => handler(request, call)));
    }

    internal void Bind(ServiceMethodProviderContext<DaprService> context)
    {
        foreach (var add in _methods) add(context);
    }

    static Marshaller<T> Codec<T>() where T : class, IMessage<T>, new()
    {
        var parser = new MessageParser<T>(() => new T());
        return Marshallers.Create(
            (message, context) =>
            {
                context.SetPayloadLength(message.CalculateSize());
                message.WriteTo(context.GetBufferWriter());
                context.Complete();
            },
            context => parser.ParseFrom(context.PayloadAsReadOnlySequence()));
    }
}

/// <summary>The gRPC service of these methods; it has no state.</summary>
public sealed class DaprService;

sealed class DaprMethods(RpcTable table) : IServiceMethodProvider<DaprService>
{
    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<DaprService> context) => table.Bind(context);
}
