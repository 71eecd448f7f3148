using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Payments;

/// <summary>
/// Makes the calls to Stripe that payments wait for: at once by whoever saved the payment, and again whenever the watch
/// finds it unsettled, here or where its journal entry was taken over. A call may be made twice; its key makes it one.
/// </summary>
sealed class StripeEffects(
    AggregateStore<Payment> payments, StripeCharges stripe, PaymentMetrics metrics, ILogger<StripeEffects> log,
    TimeProvider clock)
{
    /// <summary>Calls that one run makes for one payment; there are never more than three to make in a row.</summary>
    const int StepsMax = 8;

    readonly Lock gate = new();
    readonly Dictionary<OrderId, Run> runs = [];
    readonly Looks looks = new(clock);

    sealed class Run
    {
        public Task Done { get; set; } = Task.CompletedTask;
        public bool Again { get; set; }
    }

    public void Listen()
    {
        payments.Saved += payment =>
        {
            metrics.See(payment);
            if (payment.Pending is not null)
                _ = Perform(payment.OrderId);
        };
        payments.Unsettled += payment =>
            _ = payment.Pending is null ? Look(payment) : Perform(payment.OrderId);
    }

    /// <summary>Does what is pending; ends when nothing is, or nothing can be done for now. Never throws.</summary>
    public Task Perform(OrderId id)
    {
        lock (gate)
        {
            if (runs.TryGetValue(id, out var underWay))
            {
                underWay.Again = true;
                return underWay.Done;
            }

            var run = runs[id] = new();
            return run.Done = PerformAll(id, run);
        }
    }

    /// <summary>
    /// Asks Stripe how the payment stands, unless that was just asked: a browser may have done what no webhook has told
    /// yet. Whoever waits for it may stop waiting; the look goes on for the others.
    /// </summary>
    public Task Look(Payment payment) => looks.Join(payment, Ask);

    /// <summary>Puts what Stripe said to the payment.</summary>
    public async Task<bool> Hear(OrderId id, Seen seen, int? answers)
    {
        var decision = await payments.Update(id, payment => payment.Observe(seen, clock.GetUtcNow(), answers));
        if (decision.Refusal is { } refusal)
            log.NotBelieved(id, seen.Id, refusal.Code);
        return decision.Refusal is null;
    }

    async Task Ask(OrderId id)
    {
        try
        {
            if (await payments.Find(id) is { StripeId: { } intent } && await stripe.Look(intent, default) is Reply.Says said)
                await Hear(id, said.Seen, null);
        }
        catch (TryAgainException e)
        {
            log.NotPerformed(id, e.Message);
        }
    }

    async Task PerformAll(OrderId id, Run run)
    {
        await Task.Yield();   // not under the lock, nor on the time of whoever saved
        while (true)
        {
            try
            {
                for (var step = 0; step < StepsMax; step++)
                {
                    if (await payments.Find(id) is not { Pending: { } effect } payment || !await Do(payment, effect))
                        break;
                }
            }
            catch (TryAgainException e)
            {
                log.NotPerformed(id, e.Message);   // the watch comes again
            }
#pragma warning disable CA1031 // Nobody awaits this task but for its end: a bug must not pass in silence.
            catch (Exception bug)
#pragma warning restore CA1031
            {
                log.PerformFailed(bug, id);
            }

            lock (gate)
            {
                if (!run.Again)
                {
                    runs.Remove(id);
                    return;
                }

                run.Again = false;
            }
        }
    }

    /// <returns>False: not now.</returns>
    async Task<bool> Do(Payment payment, Effect effect)
    {
        // What Stripe remembers under the key ends after a day: then only the object itself can tell.
        if (effect.IsOld(clock.GetUtcNow()))
            return await LookAndRenew(payment, effect);
        var reply = await stripe.Perform(effect, payment.StripeId, default);
        PaymentMetrics.Count(effect.Kind, reply);
        switch (reply)
        {
            case Reply.Says said:
                return await Hear(payment.OrderId, said.Seen, effect.Attempt?.Number) && await IsDone(payment, effect);
            case Reply.Refused refused:
                log.Refused(payment.OrderId, effect.Kind, refused.Code);
                var now = clock.GetUtcNow();
                await payments.Update(payment.OrderId, known => effect.Attempt is { } attempt
                    ? known.Reject(attempt.Number, refused.Code, now)
                    : known.RejectAltogether(refused.Code, now));
                return true;
            case Reply.Doubtful doubtful:
                log.Doubtful(payment.OrderId, effect.Kind, doubtful.Why);
                await LookAndRenew(payment, effect);
                return await IsDone(payment, effect);
            default:
                log.Later(payment.OrderId, effect.Kind, ((Reply.Later)reply).Why);
                return false;
        }
    }

    async Task<bool> LookAndRenew(Payment payment, Effect effect)
    {
        var reply = payment.StripeId is { } intent
            ? await stripe.Look(intent, default)
            : await stripe.Find(payment.OrderId, default);
        switch (reply)
        {
            case Reply.Says said when await Hear(payment.OrderId, said.Seen, null):
            case Reply.Refused when payment.StripeId is null:   // what was never made cannot be found
                await payments.Update(payment.OrderId, known => known.Renew(effect, clock.GetUtcNow()));
                return true;
            default:
                log.NotFound(payment.OrderId, effect.Kind, (reply as Reply.Later)?.Why ?? reply.GetType().Name);
                return false;
        }
    }

    // An effect whose reply did not settle it would be made again at once, for ever.
    async Task<bool> IsDone(Payment payment, Effect effect) =>
        (await payments.Find(payment.OrderId))?.Pending?.IsSameAs(effect) != true;
}
