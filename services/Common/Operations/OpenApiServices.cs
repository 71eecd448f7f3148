using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Ticketing.Contracts;

namespace Ticketing.Common;

/// <summary><c>/openapi/v1.json</c>, OpenAPI 3.1, with what the types alone do not tell.</summary>
static class OpenApiServices
{
    static readonly Type[] Ids = [typeof(TicketId), typeof(OrderId), typeof(UserId)];

    public static IServiceCollection AddTicketingOpenApi(this IServiceCollection services, string appId) =>
        services.AddOpenApi(options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.AddSchemaTransformer((schema, context, _) =>
            {
                if (Ids.Contains(Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type))
                    (schema.Type, schema.Pattern, schema.Properties) = (JsonSchemaType.String, "^[a-z0-9-]+$", null);
                if (OpenEnum.WordsOf(context.JsonTypeInfo) is { } words)
                    (schema.Type, schema.Enum) = (null, words!);
                // The custom string converter hides the type from the generator.
                if (context.JsonTypeInfo.Type == typeof(string))
                    schema.Type = JsonSchemaType.String;
                return Task.CompletedTask;
            });
            options.AddDocumentTransformer((document, _, _) =>
            {
                document.Info = new() { Title = $"Ticketing: {appId}", Version = "v1" };
                // The public address is the ingress's, and the document must be the same on every machine.
                document.Servers?.Clear();
                document.Components ??= new();
                document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
                {
                    ["cookie"] = new OpenApiSecurityScheme
                    {
                        Type = SecuritySchemeType.ApiKey,
                        In = ParameterLocation.Cookie,
                        Name = BrowserCookies.SecureSession,
                        Description = $"Over plain http its name is {BrowserCookies.PlainSession}.",
                    },
                    ["bearer"] = new OpenApiSecurityScheme
                    { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT" },
                };
                return Task.CompletedTask;
            });
        });
}
