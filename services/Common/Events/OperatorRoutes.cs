using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Ticketing.Common;

/// <summary>
/// The routes for operators of one service; they need the app API token and, from the console, the operator's session:
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
        operators.MapGet("/dead-letters", async (AggregateStore<DeadLetters> store, CancellationToken ct) =>
            TypedResults.Ok(new LetterList(
                [.. (await store.Find(DeadLetters.DocumentId, ct))?.Letters.Select(LetterView.Of) ?? []])));
        operators.MapPost("/dead-letters/{id}/apply", Apply);
        operators.MapGet("/audit", async (Audit audit, CancellationToken ct) => TypedResults.Ok(await audit.Read(ct)));
    }

    static async ValueTask<object?> OperatorsOnly(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        return http.RequestServices.GetRequiredService<OperatorSignIn>().Refuse(http) is { } refusal
            ? refusal.ToProblem()
            : await next(context);
    }

    static async Task<Results<NoContent, ProblemHttpResult>> Apply(
        string id, HttpContext context, DeadLetterReplay replay, AggregateStore<DeadLetters> store, Audit audit,
        CancellationToken ct)
    {
        var action = await audit.Begin(context, AuditAct.ApplyLetter, id, ct);
        var letters = (await store.Find(DeadLetters.DocumentId, ct))?.Letters ?? [];
        if (letters.FirstOrDefault(kept => kept.Id == id) is not { } letter)
        {
            await audit.End(action, AuditOutcome.Missing);
            return NoLetter.ToProblem();
        }
        if (await replay.Apply(letter.Pubsub, letter.Topic, letter.Body, ct) is { } fault)
        {
            fault = LetterMask.Fault(fault, letter.Body);
            await store.Update(DeadLetters.DocumentId, kept => kept.Keep(letter with { Fault = fault }), ct);
            await audit.End(action, AuditOutcome.Refused);
            return StillRefused.With("fault", fault).ToProblem();
        }
        await store.Update(DeadLetters.DocumentId, kept => kept.Remove(id), ct);
        await audit.End(action, AuditOutcome.Done);
        return TypedResults.NoContent();
    }
}
