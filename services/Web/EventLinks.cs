using Ticketing.Common;

namespace Ticketing.Web;

/// <summary>
/// Where the events behind an order or a request can be seen: on <c>Flow:Path</c>, which the runner of one machine sets
/// because it serves that page; else, for an operator, on the console. For anybody else there is no such link.
/// </summary>
sealed class EventLinks(IConfiguration configuration, IHttpContextAccessor context)
{
    readonly string? flow = configuration["Flow:Path"];

    public string? ForSubject(string subject) => Link("subject", subject);

    public string? ForTrace(string? traceId) => traceId is null ? null : Link("trace", traceId);

    string? Link(string name, string value) => Path is { Length: > 0 } path
        ? $"{path}?{name}={Uri.EscapeDataString(value)}" : null;

    string? Path => flow is { Length: > 0 } ? flow
        : context.HttpContext is { } http && User.From(http.User) is { IsOperator: true } ? ConsolePageEndpoints.Path : null;
}
