using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.HttpResults;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Payments;

static partial class PaymentEndpoints
{
    static readonly TimeSpan PayWindow = TimeSpan.FromMinutes(1);
    const int PaysPerWindow = 120;

    public static void MapPayments(this IEndpointRouteBuilder app)
    {
        var payments = app.MapGroup("/api/payments").WithTags("Payments");
        payments.MapGet("/config", Config);
        payments.MapPost("/", Pay).RequireAuthorization().LimitPerCaller(PaysPerWindow, PayWindow)
            .ProducesProblem(400).ProducesProblem(402).ProducesProblem(404).ProducesProblem(409);
        payments.MapGet("/{orderId:orderId}", Show).RequireAuthorization().ProducesProblem(404);
    }

    static async Task<Ok<PaymentConfig>> Config(StripeKeys keys, PaymentOptions options, CancellationToken ct) =>
        TypedResults.Ok(new PaymentConfig(await keys.Publishable(ct), options.ScriptUrl));

    static async Task<Results<Created<PaymentView>, Ok<PaymentView>, ProblemHttpResult>> Pay(
        PayRequest request, User buyer, Desk desk, CancellationToken ct)
    {
        if (request.PaymentMethod is { } method && !MethodId().IsMatch(method))
            return Invalid("paymentMethod", "An id of Stripe's: pm_….");
        if (request.OrderId is null)
            return Invalid("orderId", "Say which order you pay.");
        if (!OrderId.TryParse(request.OrderId, null, out var order))
            return Payment.NoSuchOrder.ToProblem();     // what cannot be an id names no order
        var outcome = await desk.Pay(order, buyer.Id, request.PaymentMethod, ct);
        if (outcome.Refusal is { } refusal)
            return refusal.ToProblem();
        var view = PaymentView.Of(outcome.Payment!);
        return outcome.IsNew ? TypedResults.Created($"/api/payments/{order}", view) : TypedResults.Ok(view);
    }

    static async Task<Results<Ok<PaymentView>, ProblemHttpResult>> Show(
        OrderId orderId, User buyer, Desk desk, CancellationToken ct)
    {
        var outcome = await desk.Show(orderId, buyer.Id, ct);
        return outcome.Refusal is { } refusal ? refusal.ToProblem() : TypedResults.Ok(PaymentView.Of(outcome.Payment!));
    }

    static ProblemHttpResult Invalid(string member, string mistake) =>
        Problems.Invalid(new Dictionary<string, string[]> { [member] = [mistake] });

    [GeneratedRegex("^pm_[A-Za-z0-9_]{1,100}$")]
    private static partial Regex MethodId();
}

/// <param name="PaymentMethod">Stripe's id of a card to try at once, such as <c>pm_card_visa</c>.</param>
public sealed record PayRequest(string? OrderId, string? PaymentMethod);

/// <param name="ScriptUrl">Where the browser gets Stripe.js from.</param>
public sealed record PaymentConfig(string PublishableKey, string ScriptUrl);

/// <param name="Amount">Minor units.</param>
/// <param name="ClientSecret">What the browser confirms with, while there is something to confirm.</param>
public sealed record PaymentView(
    OrderId OrderId, PaymentStatus Status, long Amount, string Currency, int AttemptsLeft, string? ClientSecret,
    string? StripeId, string? StripeRefundId)
{
    public static PaymentView Of(Payment payment)
    {
        var known = payment.Snapshot();
        return new(known.OrderId, known.Status, known.Amount.Amount, known.Amount.Currency, known.AttemptsLeft,
            known.Status is PaymentStatus.Opened or PaymentStatus.RequiresAction ? payment.ClientSecret : null,
            known.StripeId, known.StripeRefundId);
    }
}
