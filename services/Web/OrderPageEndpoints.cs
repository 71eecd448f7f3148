using Ticketing.Common;
using Ticketing.Contracts;
using Ticketing.Web.Api;
using Ticketing.Web.Pages;

namespace Ticketing.Web;

static class OrderPageEndpoints
{
    const int PollsMax = 8;
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(150), ConfigAgeMax = TimeSpan.FromSeconds(10);

    public static void MapOrders(this IEndpointRouteBuilder app)
    {
        app.MapGet("/orders", MyOrders);
        app.MapGet("/orders/{id:orderId}", View);
        app.MapGet("/orders/{id:orderId}/checkout", Checkout);
        app.MapGet("/orders/{id:orderId}/calendar.ics", OrderCalendar.Get);
        app.MapPost("/orders/{id:orderId}/cancel", Cancel).DisableAntiforgery();
    }

    internal static string Path(OrderId id) => $"/api/orders/{id}";

    // An order id contains the ticket's id, so the ticket can be loaded in parallel with the order.
    internal static string TicketPath(OrderId id) => $"/api/tickets/{id.TicketId}";

    static async Task<IResult> MyOrders(User? user, ServiceClients services, string? after, CancellationToken ct)
    {
        if (user is null)
            return SignInPageEndpoints.SignInFirst("/orders");
        var query = PageCursor.Parse(after) is { } cursor ? $"?after={cursor}" : "";
        var answer = await services.Orders.Get($"/api/orders{query}", ApiJson.Default.PagedOrderDto, ct);
        return answer.Ok || answer.Unavailable
            ? Results.Extensions.Page<MyOrdersPage>(new { Answer = answer })
            : ErrorPages.For(answer);
    }

    /// <param name="paying">The browser was sent here while the payment is still processing.</param>
    static async Task<IResult> View(
        OrderId id, User? user, ServiceClients services, bool? paying, CancellationToken ct) =>
        user is null
            ? SignInPageEndpoints.SignInFirst($"/orders/{id}")
            : await Show(id, services, paying is true, RefundForm.Empty, ct);

    internal static async Task<IResult> Show(
        OrderId id, ServiceClients services, bool paying, RefundForm refund, CancellationToken ct)
    {
        var ticket = services.Tickets.Get(TicketPath(id), ApiJson.Default.TicketDto, ct);
        var timeline = services.Orders.Get($"{Path(id)}/timeline", ApiJson.Default.TimelineDto, ct);
        var payment = services.Payments.Get($"/api/payments/{id}", ApiJson.Default.PaymentDto, ct);
        var refundRequests = services.RefundRequestsFor([id], ct);
        var order = await services.Orders.Get(Path(id), ApiJson.Default.OrderDto, ct);
        return order.Value is null ? ErrorPages.For(order) : Results.Extensions.Page<OrderPage>(new
        {
            Order = order.Value,
            Ticket = await ticket,
            Timeline = await timeline,
            RefundRequest = (await refundRequests).SingleOrDefault(),
            Refund = refund,
            IsPaying = order.Value.IsLive
                && (paying || (await payment).Value is { Status: "authorized" or "captured" }),
        }, refund.Errors.Count > 0 ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK);
    }

    static async Task<IResult> Checkout(OrderId id, HttpContext context, User? user, ServiceClients services,
        AnswerCache cache, TimeProvider clock, CancellationToken ct)
    {
        if (user is null)
            return SignInPageEndpoints.SignInFirst($"/orders/{id}/checkout");
        var config = cache.Get("payments config", () =>
            services.Payments.Get("/api/payments/config", ApiJson.Default.PaymentConfigDto, default), ct,
            answer => answer.Ok ? ConfigAgeMax : AnswerCache.AgeDefault);
        var order = await WaitUntilLocked(id, services, clock, ct);
        if (order.Value is null)
            return ErrorPages.For(order);
        if (!order.Value.IsLive)
            return Results.Extensions.SeeOther($"/orders/{id}");
        var payment = await services.Payments.Get($"/api/payments/{id}", ApiJson.Default.PaymentDto, ct);
        if ((await config).Value is { } allowed && Uri.TryCreate(allowed.ScriptUrl, UriKind.Absolute, out var script))
            PageHeaders.AllowProcessor(context, script);
        return Results.Extensions.Page<CheckoutPage>(new
        {
            Order = order.Value,
            Payment = payment,
            Config = await config,
            ReturnUrl = $"{context.Request.Scheme}://{context.Request.Host}/orders/{id}",
        });
    }

    // Locking the ticket takes milliseconds: wait for it here, so that the page can show the card form at once.
    static async Task<ServiceResponse<OrderDto>> WaitUntilLocked(
        OrderId id, ServiceClients services, TimeProvider clock, CancellationToken ct)
    {
        for (var poll = 1; ; poll++)
        {
            var order = await services.Orders.Get(Path(id), ApiJson.Default.OrderDto, ct);
            if (order.Value is not { Status: "created" } || poll == PollsMax)
                return order;
            await Task.Delay(PollInterval, clock, ct);
        }
    }

    static async Task<IResult> Cancel(OrderId id, ServiceClients services, CancellationToken ct)
    {
        var answer = await services.Orders.Delete(Path(id), ct);
        return answer.Ok || answer.Code == "order-complete"
            ? Results.Extensions.SeeOther($"/orders/{id}")
            : ErrorPages.For(answer, Back(id));
    }

    internal static PageLink Back(OrderId id) => new($"/orders/{id}", "Back to the order");
}
