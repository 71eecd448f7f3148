namespace Ticketing.Flow.Tests;

/// <summary>Sample steps, as a sidecar or a service reports them.</summary>
static class Some
{
    public static readonly DateTimeOffset Start = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    public const string Trace = "0af7651916cd43dd8448eb211c80319c";

    /// <param name="ms">After <see cref="Start"/>.</param>
    public static Step Step(
        int ms, StepKind kind, string app, string id = "orders:abc-1:3", string outcome = "", int attempt = 0,
        string pubSub = "pubsub", string? topic = null, double took = 0, string trace = Trace) =>
        new(Start.AddMilliseconds(ms), kind, app, pubSub, topic ?? id.Split(':')[0], id, Type(id), id.Split(':')[1],
            attempt, outcome, took, trace);

    static string Type(string id) => id.Split(':')[0] switch
    {
        "tickets" => "ticket.locked",
        "payments" => "payment.opened",
        _ => "order.created",
    };

    public static Step Call(int ms, string path, string outcome = "200") => new(
        Start.AddMilliseconds(ms), StepKind.Called, "web", "", "orders", "", "POST", path, 1, outcome, 4, Trace);

    public static IReadOnlyList<JudgedStep> Story(params Step[] steps) => JudgedStep.All(steps);
}
