namespace Ticketing.Web;

/// <summary>
/// Where the events behind an order or a request can be seen: <c>Flow:Path</c>, which the runner of one machine sets
/// because it serves that page. Elsewhere there is no such link.
/// </summary>
sealed class EventLinks(IConfiguration configuration)
{
    readonly string? path = configuration["Flow:Path"];

    public string? Of(string subject) => Link("subject", subject);

    public string? OfTrace(string? traceId) => traceId is null ? null : Link("trace", traceId);

    string? Link(string name, string value) => path is { Length: > 0 } ? $"{path}?{name}={Uri.EscapeDataString(value)}" : null;
}
