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
    /// <summary>Deeper than anything this API speaks; what nests further is not meant well.</summary>
    const int DepthMax = 16;

    /// <summary>Lets endpoints read and write the types of a service's source-generated context.</summary>
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
    /// No control characters but tab and line breaks, NUL least of all: stores and terminals choke on them.
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
