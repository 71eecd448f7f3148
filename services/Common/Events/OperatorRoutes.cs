using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Ticketing.Common;

/// <summary>
/// What operators see and do at one service, with the app API token and, from the console, with their own sign-in:
/// <c>GET /internal/dead-letters</c>, <c>POST /internal/dead-letters/{id}/apply</c>, <c>GET /internal/audit</c>.
/// </summary>
static class OperatorRoutes
{
    static readonly Refusal NoLetter = new(404, "no-such-letter",
        "There is no such dead letter; it may have been applied.");
    static readonly Refusal StillRefused = new(409, "still-refused", "Its handler refuses it still.");

    public static void MapOperators(this IEndpointRouteBuilder app)
    {
        var operators = app.MapInternal().MapGroup("").AddEndpointFilter(OperatorsOnly);
        operators.MapGet("/dead-letters", async (AggregateStore<DeadLetters> box, CancellationToken ct) =>
            TypedResults.Ok(new LetterList(
                [.. (await box.Find(DeadLetters.Box, ct))?.Letters.Select(LetterView.Of) ?? []])));
        operators.MapPost("/dead-letters/{id}/apply", Apply);
        operators.MapGet("/audit", async (Audit audit, CancellationToken ct) => TypedResults.Ok(await audit.Read(ct)));
    }

    static async ValueTask<object?> OperatorsOnly(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.RequestServices.GetRequiredService<OperatorSignIn>().Mistake(context.HttpContext) is { } mistake
            ? mistake.ToProblem()
            : await next(context);

    static async Task<Results<NoContent, ProblemHttpResult>> Apply(string id, HttpContext context, SecondChance chance,
        AggregateStore<DeadLetters> box, Audit audit, CancellationToken ct)
    {
        var action = await audit.Begin(context, AuditAct.ApplyLetter, id, ct);
        if ((await box.Find(DeadLetters.Box, ct))?.Letters.FirstOrDefault(kept => kept.Id == id) is not { } letter)
        {
            await audit.End(action, AuditOutcome.Missing);
            return NoLetter.ToProblem();
        }
        if (await chance.Apply(letter.Pubsub, letter.Topic, letter.Body, ct) is { } fault)
        {
            fault = LetterMask.Fault(fault, letter.Body);
            await box.Update(DeadLetters.Box, kept => kept.Keep(letter with { Fault = fault }), ct);
            await audit.End(action, AuditOutcome.Refused);
            return StillRefused.With("fault", fault).ToProblem();
        }
        await box.Update(DeadLetters.Box, kept => kept.Remove(id), ct);
        await audit.End(action, AuditOutcome.Done);
        return TypedResults.NoContent();
    }
}
