using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Ticketing.Ingress;

static class Headers
{
    /// <summary>
    /// Headers that only a proxy or a sidecar may set are not taken from a client: <c>X-Forwarded-*</c> are set anew,
    /// <c>dapr-*</c> are dropped. The Host stays the one in the address bar: services compare it with Origin.
    /// </summary>
    public static void Rewrite(TransformBuilderContext context)
    {
        context.AddOriginalHost();
        context.AddXForwarded(ForwardedTransformActions.Set);
        context.AddRequestTransform(transform =>
        {
            var headers = transform.ProxyRequest.Headers;
            var forged = headers.NonValidated.Select(header => header.Key).Where(IsForged).ToList();
            forged.ForEach(name => headers.Remove(name));
            return default;
        });
    }

    static bool IsForged(string name) =>
        name.StartsWith("dapr-", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Forwarded", StringComparison.OrdinalIgnoreCase)
        || (name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase) && !OurOwn.Contains(name));

    static readonly HashSet<string> OurOwn = new(StringComparer.OrdinalIgnoreCase)
    {
        "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto",
    };
}
