using Ticketing.Contracts;

namespace Ticketing.Common;

/// <summary>Which ticket or order a step is about.</summary>
public static class Subjects
{
    static readonly string[] Collections = ["tickets", "orders", "payments"];

    /// <summary>A ticket's id, an order's, a session's; "" for a call that names none of them.</summary>
    public static string Of(Step step) => step.Kind == StepKind.Called ? InPath(step.Subject) : step.Subject;

    /// <summary>
    /// What a story is told of: the ticket for all its orders, and anything else for itself. Events of a session are not
    /// a ticket's, though their ids look alike.
    /// </summary>
    public static string StoryOf(Step step) => TicketOf(Of(step));

    /// <summary>The ticket an order is for; of anything else itself.</summary>
    public static string TicketOf(string subject) =>
        OrderId.TryParse(subject, null, out var order) ? order.TicketId.Value : subject;

    public static bool IsOrder(string subject) => OrderId.TryParse(subject, null, out _);

    public static int OrderNumber(string subject) => OrderId.TryParse(subject, null, out var order) ? order.Seq : 0;

    static string InPath(string path)
    {
        var parts = path.Split('/', '?');
        var order = Array.Find(parts, IsOrder);
        if (order is not null) return order;
        var collection = Array.FindIndex(parts, part => Collections.Contains(part));
        return collection >= 0 && collection + 1 < parts.Length && TicketId.TryParse(parts[collection + 1], null, out _)
            ? parts[collection + 1] : "";
    }
}
