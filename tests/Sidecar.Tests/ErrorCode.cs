using System.Text.Json;

namespace Ticketing.Sidecar.Tests;

/// <summary>What callers test of a refusal; its message is prose.</summary>
static class ErrorCode
{
    public static (int Status, string Code) Of((int Status, string Body) answer)
    {
        using var error = JsonDocument.Parse(answer.Body);
        return (answer.Status, error.RootElement.GetProperty("errorCode").GetString()!);
    }
}
