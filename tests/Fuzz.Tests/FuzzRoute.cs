using System.Reflection;
using Dapr;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Ticketing.Fuzz.Tests;

/// <summary>A route of a host, with what its metadata tells about its requests.</summary>
/// <param name="Body">The type its JSON body is read into; null if it reads none, or reads the bytes itself.</param>
public sealed record FuzzRoute(string Method, RoutePattern Pattern, Type? Body, string? Topic, bool NeedsUser,
    IReadOnlyList<ParameterInfo> Parameters)
{
    static readonly string[] SidecarPrefixes = ["/events", "/actors", "/dapr", "/internal"];

    /// <summary>The name in reports, such as <c>POST /api/orders/{id}/refund</c>.</summary>
    public string Name => $"{Method} /{Text.TrimStart('/')}";

    public string Text => Pattern.RawText ?? "";

    /// <summary>Only the app's own sidecar, or an operator, may call it.</summary>
    public bool IsGuarded => SidecarPrefixes.Any(prefix =>
        ("/" + Text.TrimStart('/')).StartsWith(prefix, StringComparison.Ordinal));

    public bool IsSafe => Method is "GET" or "HEAD";

    /// <summary>Simple parameters of the handler that no part of the path fills.</summary>
    public IEnumerable<ParameterInfo> QueryParameters => Parameters.Where(parameter =>
        IsSimple(parameter.ParameterType) && Pattern.GetParameter(parameter.Name!) is null
        && parameter.GetCustomAttribute<FromHeaderAttribute>() is null);

    public IEnumerable<string> HeaderParameters => Parameters
        .Select(parameter => parameter.GetCustomAttribute<FromHeaderAttribute>()?.Name).OfType<string>();

    /// <summary>Every route of a host, each method a route of its own.</summary>
    public static IReadOnlyList<FuzzRoute> Of(EndpointDataSource endpoints) =>
    [
        .. from endpoint in endpoints.Endpoints.OfType<RouteEndpoint>()
           from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST"]
           let route = Of(endpoint, method)
           orderby route.Text, method
           select route,
    ];

    static FuzzRoute Of(RouteEndpoint endpoint, string method)
    {
        var metadata = endpoint.Metadata;
        return new(method, endpoint.RoutePattern, metadata.GetMetadata<IAcceptsMetadata>()?.RequestType,
            metadata.GetMetadata<ITopicMetadata>()?.Name, metadata.GetMetadata<IAuthorizeData>() is not null,
            metadata.GetMetadata<MethodInfo>()?.GetParameters() ?? []);
    }

    static bool IsSimple(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type.GetElementType() ?? type;
        return plain.IsPrimitive || plain == typeof(string) || plain == typeof(DateTimeOffset);
    }
}
