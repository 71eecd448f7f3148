using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Ticketing.Contracts;

namespace Ticketing.Common;

/// <summary>How requests are read and answers are written.</summary>
public static class HttpJson
{
    /// <summary>More than any body of this API needs; deeper nesting is an attack or a mistake.</summary>
    const int DepthMax = 16;

    /// <summary>Registers a service's source-generated JSON context for its endpoints.</summary>
    public static IServiceCollection AddHttpJson(this IServiceCollection services, IJsonTypeInfoResolver context) =>
        services.ConfigureHttpJsonOptions(options =>
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, context));

    internal static IServiceCollection AddTicketingJson(this IServiceCollection services) => services
        .Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true)
        .AddHttpJson(AckJson.Default).AddHttpJson(ProblemJson.Default).AddHttpJson(ContractsJson.Default)
        .AddHttpJson(FlowJson.Default)
        .ConfigureHttpJsonOptions(options =>
        {
            var json = options.SerializerOptions;
            json.NumberHandling = JsonNumberHandling.Strict;
            json.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
            json.AllowDuplicateProperties = false;
            json.MaxDepth = DepthMax;
            json.Converters.Add(new PlainStringConverter());
        });

    /// <summary>
    /// Refuses control characters except tab and line breaks: some stores and terminals cannot take them, NUL above
    /// all.
    /// </summary>
    sealed class PlainStringConverter : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.String)
                throw new JsonException();
            var text = reader.GetString()!;
            return text.Any(c => char.IsControl(c) && c is not ('\t' or '\n' or '\r'))
                ? throw new JsonException()
                : text;
        }

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value);
    }
}
