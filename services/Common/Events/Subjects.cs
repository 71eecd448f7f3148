using Ticketing.Contracts;

namespace Ticketing.Common;

/// <summary>Which ticket or order a step is about.</summary>
public static class Subjects
{
    static readonly string[] Collections = ["tickets", "orders", "payments"];

    /// <summary>A ticket's, order's or session's id; "" for a call whose path has none.</summary>
    public static string Of(Step step) => step.Kind == StepKind.Called ? InPath(step.Subject) : step.Subject;

    /// <summary>
    /// The subject by which steps are grouped: for an order its ticket, for anything else itself. A session's id has
    /// the form of a ticket's, but is never grouped with one.
    /// </summary>
    public static string StoryOf(Step step) => TicketOf(Of(step));

    /// <summary>The ticket of an order; any other subject unchanged.</summary>
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
