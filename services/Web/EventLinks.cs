using Ticketing.Common;

namespace Ticketing.Web;

/// <summary>
/// Links to the events of an order or a request: to the page at <c>Flow:Path</c>, which <c>local/Run</c> sets because
/// it serves that page; else, for an operator, to the console. Null for anybody else.
/// </summary>
sealed class EventLinks(IConfiguration configuration, IHttpContextAccessor context)
{
    readonly string? flow = configuration["Flow:Path"];

    public string? ForSubject(string subject) => Link("subject", subject);

    public string? ForTrace(string? traceId) => traceId is null ? null : Link("trace", traceId);

    string? Link(string name, string value) => Path is { Length: > 0 } path
        ? $"{path}?{name}={Uri.EscapeDataString(value)}" : null;

    string? Path => flow is { Length: > 0 } ? flow
        : context.HttpContext is { } http && User.From(http.User) is { IsOperator: true }
            ? ConsolePageEndpoints.Path : null;
}
