using Microsoft.AspNetCore.Http.HttpResults;
using Ticketing.Common;

namespace Ticketing.Payments;

static class WebhookEndpoints
{
    public static void MapWebhooks(this IEndpointRouteBuilder app) => app
        .MapPost("/api/payments/webhooks/stripe", Receive).WithTags("Payments").ProducesProblem(400)
        .ProducesProblem(413);

    static async Task<Results<Ok<WebhookTaken>, ProblemHttpResult>> Receive(
        HttpRequest request, Webhooks webhooks, CancellationToken ct)
    {
        var signature = request.Headers["Stripe-Signature"].ToString();
        if (!Webhooks.CanBeSignature(signature))
            return Webhooks.NotSigned.ToProblem();
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, ct);   // bounded by the server's body limit
        var refusal = await webhooks.Receive(body.ToArray(), signature, ct);
        return refusal is null ? TypedResults.Ok(new WebhookTaken(true)) : refusal.ToProblem();
    }
}

/// <summary>A body, since Dapr may answer for an app that is down with an empty 200.</summary>
public sealed record WebhookTaken(bool Received);
