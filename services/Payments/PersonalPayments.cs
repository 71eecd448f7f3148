using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Payments;

/// <summary>All that is stored of a payment about its buyer; only Stripe has the card's number.</summary>
public sealed record PersonalPayment(
    OrderId Id, PaymentSnapshot Payment, IReadOnlyList<string> DeclineCodes, CardView? Card);

/// <summary>
/// A buyer's payments for the buyer's export. Nothing is erased when the account is deleted: a payment holds ids,
/// amounts and a card's last four digits, no text of a person.
/// </summary>
static class PersonalPayments
{
    /// <summary>For auth only, which sends the user's order ids; returns those that have a payment.</summary>
    public static void MapPersonalPayments(this IEndpointRouteBuilder app) =>
        app.MapInternal().MapGet("/users/{id:userId}/payments", Read);

    static async Task<Results<Ok<PersonalData>, ProblemHttpResult>> Read(UserId id, string[] of,
        [FromHeader(Name = "dapr-caller-app-id")] string? caller, AggregateStore<Payment> payments,
        CancellationToken ct)
    {
        var ids = of.Where(text => OrderId.TryParse(text, null, out _)).Distinct().ToList();
        if (!PersonalDataRoutes.IsForAuth(caller) || ids.Count > PersonalDataRoutes.PageSize)
            return PersonalDataRoutes.NotFound.ToProblem();
        var found = (await payments.Find(ids, ct)).Values
            .Where(payment => payment is { Status: not null, Order: { } order } && order.Buyer == id);
        return TypedResults.Ok(new PersonalData([.. found.Select(ToJson)], 0, null));
    }

    static JsonElement ToJson(Payment payment) => JsonSerializer.SerializeToElement(
        new(payment.OrderId, payment.Snapshot(), [.. payment.Declines.Select(decline => decline.Code)],
            CardView.Of(payment.Card)),
        PaymentsJson.Default.PersonalPayment);
}
