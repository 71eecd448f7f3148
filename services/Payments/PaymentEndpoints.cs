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
        PayRequest request, User buyer, PaymentService service, CancellationToken ct)
    {
        if (request.PaymentMethod is { } method && !MethodId().IsMatch(method))
            return Invalid("paymentMethod", "An id of Stripe's: pm_….");
        if (request.OrderId is null)
            return Invalid("orderId", "Say which order you pay.");
        if (!OrderId.TryParse(request.OrderId, null, out var order))
            return Payment.NoSuchOrder.ToProblem();     // a malformed id names no order
        var decision = await service.Pay(order, buyer.Id, request.PaymentMethod, ct);
        if (decision.Refusal is { } refusal)
            return refusal.ToProblem();
        var view = PaymentView.Of(decision.State!);
        return decision.Changed ? TypedResults.Created($"/api/payments/{order}", view) : TypedResults.Ok(view);
    }

    static async Task<Results<Ok<PaymentView>, ProblemHttpResult>> Show(
        OrderId orderId, User buyer, PaymentService service, CancellationToken ct)
    {
        var decision = await service.Show(orderId, buyer.Id, ct);
        return decision.Refusal is { } refusal
            ? refusal.ToProblem()
            : TypedResults.Ok(PaymentView.Of(decision.State!));
    }

    static ProblemHttpResult Invalid(string member, string mistake) =>
        Problems.Invalid(new Dictionary<string, string[]> { [member] = [mistake] });

    [GeneratedRegex("^pm_[A-Za-z0-9_]{1,100}$")]
    private static partial Regex MethodId();
}

/// <summary>Starts a payment attempt and waits up to 15 s until Stripe has answered it.</summary>
sealed class PaymentService(
    AggregateStore<Payment> payments, OrderLookup orders, PaymentOptions options, Random random, TimeProvider clock)
{
    const int NameBytes = 16;
    static readonly TimeSpan PayWait = TimeSpan.FromSeconds(15), RefreshWait = TimeSpan.FromSeconds(2);

    static readonly Refusal NoAnswer = new(
        503, "stripe-unavailable", "The payment provider does not answer; try again.");
    static readonly Refusal Declined = new(402, "card-declined", "The card was declined.");
    static readonly Refusal MethodRefused = new(400, "payment-method-refused", "There is no such payment method.");

    /// <param name="method">Stripe's id of a payment method to try; null: the buyer's browser confirms.</param>
    /// <returns>Changed if this call opened the payment.</returns>
    public async Task<Decision<Payment>> Pay(OrderId order, UserId buyer, string? method, CancellationToken ct)
    {
        var (decision, run) = await Begin(order, buyer, method, ct);
        if (decision is { Refusal: not null, State.Order: null })
        {
            if (await orders.MakeKnown(order, buyer, ct) is { } unknown)
                return unknown;
            (decision, run) = await Begin(order, buyer, method, ct);
        }
        if (decision.Refusal is not null)
            return decision;

        var before = decision.State!;
        var payment = before.Pending is null ? await Refreshed(before, ct) : await Performed(before, run, ct);
        return ResultOf(before, payment) is { } refusal
            ? refusal
            : new Decision<Payment> { State = payment, Changed = decision.Changed && before.StripeId is null };
    }

    Task<(Decision<Payment> Decision, Task<Payment?> Run)> Begin(
        OrderId order, UserId buyer, string? method, CancellationToken ct)
    {
        var (now, name) = (clock.GetUtcNow(), NewName());
        return payments.UpdateAndPerform(order, payment => method is null
            ? payment.Open(buyer, options.AttemptsMax, now, name)
            : payment.Pay(buyer, method, options.AttemptsMax, now, name), ct);
    }

    // Given to the rule, which may run several times.
    string NewName()
    {
        Span<byte> bytes = stackalloc byte[NameBytes];
        random.NextBytes(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    public async Task<Decision<Payment>> Show(OrderId order, UserId buyer, CancellationToken ct) =>
        await payments.Find(order, ct) is { Status: not null } payment && payment.Order!.Buyer == buyer
            ? await Refreshed(payment, ct)
            : Payment.NotFound;

    static Refusal? ResultOf(Payment before, Payment after)
    {
        if (after.Pending?.Kind is EffectKind.Create or EffectKind.Confirm)
            return NoAnswer;
        // All who waited for the same attempt get the same answer.
        if (before.Attempt is { } attempt && after.LastAnswer is { } answer && answer.Attempt == attempt.Number)
            return answer.Declined
                ? Declined.With("declineCode", answer.Code).With("attemptsLeft", after.Snapshot().AttemptsLeft)
                : after.Status is PaymentStatus.Failed
                ? Payment.NotPayable.With("orderStatus", after.Order!.Status).With("code", answer.Code)
                : MethodRefused.With("code", answer.Code);
        return after.Status is PaymentStatus.Failed
            ? Payment.NotPayable.With("orderStatus", after.Order!.Status)
            : null;
    }

    async Task<Payment> Performed(Payment payment, Task<Payment?> run, CancellationToken ct)
    {
        try
        {
            if (await run.WaitAsync(PayWait, clock, ct) is { } performed)
                return performed;
        }
        catch (TimeoutException)
        {
            // The run goes on in the background; the stored payment shows how far it is.
        }

        return await payments.Find(payment.OrderId, ct) ?? payment;
    }

    // The buyer may return from 3-D Secure before the webhook: ask Stripe. Without an answer the stored state is used.
    async Task<Payment> Refreshed(Payment payment, CancellationToken ct)
    {
        if (payment.Status is not (PaymentStatus.Opened or PaymentStatus.RequiresAction) || payment.StripeId is null)
            return payment;
        try
        {
            return await payments.Refresh(payment.OrderId, ct).WaitAsync(RefreshWait, clock, ct) ?? payment;
        }
        catch (TimeoutException)
        {
            return payment;
        }
    }
}
