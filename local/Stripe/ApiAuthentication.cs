using Microsoft.Extensions.Primitives;

namespace Ticketing.StripeServer;

/// <summary>Checks the API key of a request and reads its parameters into a <see cref="Call"/>.</summary>
static class ApiAuthentication
{
    const string VersionDefault = "2026-10-28.endive";

    public static async Task<(Call? Call, Error? Refused)> ReadCall(
        HttpContext http, string requestId, CancellationToken ct)
    {
        var request = http.Request;
        var key = request.Headers.Authorization.ToString();
        key = key.StartsWith("Bearer ", StringComparison.Ordinal) ? key["Bearer ".Length..] : "";
        if (!key.StartsWith("sk_test_", StringComparison.Ordinal)
            && !key.StartsWith("pk_test_", StringComparison.Ordinal))
            return (null, Error.Invalid(key is "" ? "You did not provide an API key." : "Invalid API Key provided.")
                with
            { Status = 401 });

        IEnumerable<KeyValuePair<string, StringValues>> fields = request.Query;
        if (HttpMethods.IsPost(request.Method))
        {
            if (!request.HasFormContentType && request.ContentLength is not (null or 0))
                return (null, Error.Invalid("Requests must be form-encoded."));
            try
            {
                fields = request.HasFormContentType ? await request.ReadFormAsync(ct) : [];
            }
            catch (Exception broken) when (broken is InvalidDataException or BadHttpRequestException)
            {
                return (null, Error.Invalid("The request body could not be read."));
            }
        }

        var form = new Form(fields.ToDictionary(
            field => field.Key, field => field.Value[0] ?? "", StringComparer.Ordinal));
        var version = request.Headers["Stripe-Version"].ToString();
        http.Response.Headers["Stripe-Version"] = version is "" ? VersionDefault : version;
        var idempotencyKey = request.Headers["Idempotency-Key"].ToString();
        return (new Call(form, version is "" ? VersionDefault : version,
            new EventRequest(requestId, idempotencyKey is "" ? null : idempotencyKey),
            Browser: key.StartsWith('p'), $"{request.Scheme}://{request.Host}"), null);
    }
}
