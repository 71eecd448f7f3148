using System.Globalization;
using System.Text.RegularExpressions;

namespace Ticketing.Fuzz.Tests;

/// <summary>Answers of the other apps: every status of a ticket or an order, and every refusal.</summary>
static partial class OtherAppsAnswers
{
    static readonly string[] TicketStatuses = ["open", "locked", "sold", "withdrawn"];
    static readonly string[] OrderStatuses =
        ["created", "awaitingPayment", "complete", "cancelled", "refunding", "refunded"];

    static readonly (int Status, string Code)[] Refusals =
    [
        (400, "invalid"), (401, "unauthenticated"), (403, "forbidden"), (404, "not-found"), (409, "ticket-locked"),
        (409, "ticket-sold"), (409, "email-in-use"), (409, "terms-changed"), (409, "show-begun"),
        (409, "ticket-reserved"), (401, "bad-credentials"), (412, "stale-version"), (422, "key-reused"),
        (429, "too-many-requests"),
    ];

    public static (int Status, string? Json) Of(string method, string path, string body) => path switch
    {
        _ when path.StartsWith("/v1.0/", StringComparison.Ordinal) => (204, null),
        "/health/ready" => (200, "\"ready\""),
        "/internal/sessions/revoked" => (200, "[]"),
        "/internal/flow" => (200, """{"steps":[],"kept":0,"instance":"one"}"""),
        "/internal/dead-letters" => (200, Letters),
        "/api/payments/config" => (200, """{"publishableKey":"pk_test_x","scriptUrl":"https://js.stripe.com/v3/"}"""),
        "/api/tickets" or "/api/tickets/mine" when method == "GET" => (200, Page(TicketStatuses.Length, Ticket)),
        "/api/orders" when method == "GET" => (200, Page(OrderStatuses.Length, Order)),
        "/api/orders/refund-requests" => (200, """{"items":[]}"""),
        "/api/users/me/sessions" => (200, """{"items":[]}"""),
        "/api/users/me/password" when body.Contains("a long enough password", StringComparison.Ordinal) => (204, null),
        "/internal/audit" => (200, """{"entries":[]}"""),
        "/api/users/me/export" => (200, """{"madeAt":"2031-01-01T00:00:00Z"}"""),
        _ when path.StartsWith("/internal/users/", StringComparison.Ordinal) => method == "GET"
            ? (200, """{"items":[],"live":0}""") : (200, """{"changed":0}"""),
        _ when path.EndsWith("/apply", StringComparison.Ordinal) => (204, null),
        _ when path.StartsWith("/internal/", StringComparison.Ordinal) => Refused(404, "not-found"),
        _ when method == "GET" => Known().Match(path) is { Success: true } known
            ? Read(path, int.Parse(known.Groups[1].ValueSpan, CultureInfo.InvariantCulture))
            : Refused(404, "not-found"),
        _ => Write(path, body),
    };

    static (int, string?) Read(string path, int number) => number % 13 == 12 ? Refused(404, "not-found")
        : path.EndsWith("/timeline", StringComparison.Ordinal) ? (200, Timeline)
        : path.StartsWith("/api/orders", StringComparison.Ordinal) ? (200, Order(number))
        : path.StartsWith("/api/payments", StringComparison.Ordinal) ? (200, Payment(number))
        : path.StartsWith("/api/users", StringComparison.Ordinal) ? (200, Account)
        : (200, Ticket(number));

    // The sum of its characters decides whether a request is accepted: the same request always gets the same answer.
    static (int, string?) Write(string path, string body)
    {
        var sum = body.Sum(c => c) + path.Length;
        if (sum % 2 == 1)
            return Refused(Refusals[sum / 2 % Refusals.Length].Status, Refusals[sum / 2 % Refusals.Length].Code);
        return path switch
        {
            "/api/users/signin" or "/api/users/signup" => (200, Account),
            "/api/orders" => (201, Order(0)),
            "/api/payments" => (201, Payment(1)),
            _ when path.StartsWith("/api/tickets", StringComparison.Ordinal) && body.Length > 0 => (200, Ticket(0)),
            _ => (204, null),
        };
    }

    static (int, string?) Refused(int status, string code) => (status, $$"""
        {"type":"/problems/{{code}}","title":"Refused.","status":{{status}},"traceId":"0af7651916cd43dd8448eb211c80319c",
         "heldUntil":"2031-01-01T00:00:00Z",
         "lockedUntil":"2031-01-01T00:00:00Z"{{(code == "invalid" ? Mistakes : "")}}}
        """);

    static string Page(int count, Func<int, string> item) =>
        $$"""{"items":[{{string.Join(',', Enumerable.Range(0, count).Select(item))}}],"next":"some"}""";

    const string Mistakes = ""","errors":{"title":["Wrong."],"reason":["Wrong."],"email":["Wrong."]}""";
    const string Letters = """
        {"letters":[{"id":"some","topic":"tickets","fault":"DROP","keptAt":"2030-01-01T00:00:00Z","tries":1}]}
        """;
    const string Timeline = """{"items":[{"at":"2030-01-01T00:00:00Z","type":"order.created","why":"placed"}]}""";
    const string Account = """{"id":"buyer","email":"buyer@example.com"}""";

    static string Ticket(int number) => $$"""
        {"id":"show{{number}}","title":"Hamlet","price":4550,"currency":"usd","sellerId":"buyer","version":3,
         "termsVersion":1,
         "status":"{{TicketStatuses[number % TicketStatuses.Length]}}", "venue":"Globe",
         "startsAt":"2031-05-01T20:00:00Z", "orderId":"show{{number}}-1"}
        """;

    static string Order(int number) => $$"""
        {"id":"show{{number}}-1","ticketId":"show{{number}}","title":"Hamlet","price":4550,"currency":"usd",
         "version":2,"expectedTerms":1,
         "status":"{{OrderStatuses[number % OrderStatuses.Length]}}", "expiresAt":"2031-01-01T00:00:00Z",
         "createdAt":"2030-01-01T00:00:00Z"}
        """;

    static string Payment(int number) => $$"""
        {"orderId":"show{{number}}-1","status":"opened","amount":4550,"currency":"usd","refunded":0,
         "attemptsLeft":3,"clientSecret":"pi_1_secret_2"}
        """;

    [GeneratedRegex("/show([0-9]{1,6})(-1)?(/|$)")]
    private static partial Regex Known();
}
