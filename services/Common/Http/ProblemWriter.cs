using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace Ticketing.Common;

/// <summary>
/// Completes every problem and writes it whatever the client's <c>Accept</c> says, so that no error has an empty body.
/// </summary>
sealed class ProblemWriter(IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions> json) : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var http = context.HttpContext;
        var problem = context.ProblemDetails;
        var status = problem.Status ??= http.Response.StatusCode;
        if (problem.Type?.StartsWith(Problems.TypePrefix, StringComparison.Ordinal) != true)
            problem.Type = Problems.TypeOf(Problems.CodeOf(status));
        if (problem.Title is null || problem.Title == ReasonPhrases.GetReasonPhrase(status))
            problem.Title = Problems.TitleOf(status);
        problem.Extensions["traceId"] = Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier;
        if (status == StatusCodes.Status503ServiceUnavailable)
            http.Response.Headers.RetryAfter = "1";
        var type = json.Value.SerializerOptions.GetTypeInfo(problem.GetType());
        await http.Response.WriteAsJsonAsync(problem, type, "application/problem+json", http.RequestAborted);
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(HttpValidationProblemDetails))]
[JsonSerializable(typeof(Dictionary<string, string[]>))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(DateTimeOffset))]
sealed partial class ProblemJson : JsonSerializerContext;
