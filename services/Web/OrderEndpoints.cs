using Ticketing.Common;
using Ticketing.Contracts;
using Ticketing.Web.Api;
using Ticketing.Web.Pages;

namespace Ticketing.Web;

static class OrderEndpoints
{
    const int LooksMax = 8;
    static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(150), ConfigAgeMax = TimeSpan.FromSeconds(10);

    public static void MapOrders(this IEndpointRouteBuilder app)
    {
        app.MapGet("/orders", Mine);
        app.MapGet("/orders/{id:orderId}", View);
        app.MapGet("/orders/{id:orderId}/checkout", Checkout);
        app.MapGet("/orders/{id:orderId}/calendar.ics", OrderCalendar.Get);
        app.MapPost("/orders/{id:orderId}/cancel", Cancel).DisableAntiforgery();
    }

    internal static string Path(OrderId id) => $"/api/orders/{id}";

    // An order id is its ticket's id and a number: no need to wait for the order to ask for its ticket.
    internal static string TicketPath(OrderId id) => $"/api/tickets/{id.TicketId}";

    static async Task<IResult> Mine(User? user, Backends services, string? after, CancellationToken ct)
    {
        if (user is null)
            return AccountEndpoints.SignInFirst("/orders");
        var query = PageCursor.Parse(after) is { } place ? $"?after={place}" : "";
        var answer = await services.Orders.Get($"/api/orders{query}", ApiJson.Default.PagedOrder, ct);
        return answer.Ok || answer.Unavailable
            ? Results.Extensions.Page<OrdersPage>(new { Answer = answer })
            : Errors.Of(answer);
    }

    /// <param name="paying">The browser comes from a bank that takes its time.</param>
    static async Task<IResult> View(OrderId id, User? user, Backends services, bool? paying, CancellationToken ct) =>
        user is null
            ? AccountEndpoints.SignInFirst($"/orders/{id:orderId}")
            : await Show(id, services, paying is true, RefundForm.Empty, ct);

    internal static async Task<IResult> Show(
        OrderId id, Backends services, bool paying, RefundForm refund, CancellationToken ct)
    {
        var ticket = services.Tickets.Get(TicketPath(id), ApiJson.Default.Ticket, ct);
        var timeline = services.Orders.Get($"{Path(id)}/timeline", ApiJson.Default.Timeline, ct);
        var payment = services.Payments.Get($"/api/payments/{id}", ApiJson.Default.Payment, ct);
        var wanted = services.Wanted([id], ct);
        var order = await services.Orders.Get(Path(id), ApiJson.Default.Order, ct);
        return order.Value is null ? Errors.Of(order) : Results.Extensions.Page<OrderPage>(new
        {
            Order = order.Value,
            Ticket = await ticket,
            Timeline = await timeline,
            Wanted = (await wanted).SingleOrDefault(),
            Refund = refund,
            Paying = order.Value.IsLive
                && (paying || (await payment).Value is { Status: "authorized" or "captured" }),
        }, refund.Errors.Count > 0 ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK);
    }

    static async Task<IResult> Checkout(OrderId id, HttpContext context, User? user, Backends services,
        SharedAnswers shared, TimeProvider clock, CancellationToken ct)
    {
        if (user is null)
            return AccountEndpoints.SignInFirst($"/orders/{id}/checkout");
        var config = shared.Get("payments config", () =>
            services.Payments.Get("/api/payments/config", ApiJson.Default.PaymentConfig, default), ct,
            answer => answer.Ok ? ConfigAgeMax : SharedAnswers.Moment);
        var order = await Locked(id, services, clock, ct);
        if (order.Value is null)
            return Errors.Of(order);
        if (!order.Value.IsLive)
            return Results.Extensions.SeeOther($"/orders/{id}");
        var payment = await services.Payments.Post("/api/payments", new OpenPayment(id),
            ApiJson.Default.OpenPayment, ApiJson.Default.Payment, ct);
        if ((await config).Value is { } allowed && Uri.TryCreate(allowed.ScriptUrl, UriKind.Absolute, out var script))
            PageHeaders.AllowProcessor(context, script);
        return Results.Extensions.Page<CheckoutPage>(new
        {
            Order = order.Value,
            Payment = payment,
            Config = await config,
            Return = $"{context.Request.Scheme}://{context.Request.Host}/orders/{id}",
        });
    }

    // The lock takes milliseconds: a page that waits for it is better than a page that says that it waits.
    static async Task<Answer<Order>> Locked(OrderId id, Backends services, TimeProvider clock, CancellationToken ct)
    {
        for (var look = 1; ; look++)
        {
            var order = await services.Orders.Get(Path(id), ApiJson.Default.Order, ct);
            if (order.Value is not { Status: "created" } || look == LooksMax)
                return order;
            await Task.Delay(LookAgainAfter, clock, ct);
        }
    }

    static async Task<IResult> Cancel(OrderId id, Backends services, CancellationToken ct)
    {
        var answer = await services.Orders.Delete(Path(id), ct);
        return answer.Ok || answer.Code == "order-complete"
            ? Results.Extensions.SeeOther($"/orders/{id}")
            : Errors.Of(answer, Back(id));
    }

    internal static Way Back(OrderId id) => new($"/orders/{id}", "Back to the order");
}
