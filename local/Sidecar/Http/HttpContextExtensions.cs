using Microsoft.AspNetCore.Http.Features;

namespace Ticketing.Sidecar.Http;

/// <summary>Helpers of the API handlers for requests and responses.</summary>
public static class HttpContextExtensions
{
    const string MetadataPrefix = "metadata.";

    static readonly IReadOnlyDictionary<string, string> NoMetadata = new Dictionary<string, string>();

    /// <summary>Success without a body.</summary>
    public static Task WriteNoContentAsync(this HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    public static Task WriteErrorAsync(this HttpContext http, DaprError error) =>
        http.WriteJsonAsync(error.Status, error.WriteTo);

    /// <param name="newline">Some of daprd's responses end with one.</param>
    public static Task WriteJsonAsync(this HttpContext http, int status, Action<Utf8JsonWriter> write,
        bool newline = false)
    {
        var body = DaprJson.Write(write);
        return http.WriteBytesAsync(status, "application/json", newline ? [.. body, (byte)'\n'] : body);
    }

    public static async Task WriteBytesAsync(this HttpContext http, int status, string contentType,
        ReadOnlyMemory<byte> body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        await http.Response.BodyWriter.WriteAsync(body, http.RequestAborted);
    }

    /// <summary>Plain text and a newline.</summary>
    public static Task WriteTextErrorAsync(this HttpContext http, int status, string text)
    {
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return http.WriteBytesAsync(status, "text/plain; charset=utf-8",
            System.Text.Encoding.UTF8.GetBytes(text + "\n"));
    }

    /// <summary>The whole body.</summary>
    /// <exception cref="BodyTooLargeException">It is larger than the sidecar allows; each API answers it in its own
    /// way.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(this HttpContext http, long limit)
    {
        if (http.Request.ContentLength is 0
            || !(http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true))
            return ReadOnlyMemory<byte>.Empty;
        using var body = new MemoryStream();
        var reader = http.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(http.RequestAborted);
            foreach (var part in read.Buffer)
            {
                if (limit > 0 && body.Length + part.Length > limit) throw new BodyTooLargeException();
                body.Write(part.Span);
            }

            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return body.GetBuffer().AsMemory(0, (int)body.Length);
        }
    }

    /// <summary><c>metadata.X=v</c> of the query, X as written; the first of several values counts.</summary>
    public static IReadOnlyDictionary<string, string> QueryMetadata(this HttpContext http)
    {
        if (!http.Request.QueryString.HasValue) return NoMetadata;
        Dictionary<string, string>? metadata = null;
        foreach (var (name, values) in http.Request.Query)
        {
            if (!name.StartsWith(MetadataPrefix, StringComparison.Ordinal)) continue;
            (metadata ??= [])[name[MetadataPrefix.Length..]] = values[0] ?? "";
        }

        return metadata ?? NoMetadata;
    }
}

public sealed class BodyTooLargeException() : IOException("stream too large");
