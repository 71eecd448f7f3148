using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Ticketing.StripeServer;

/// <summary>
/// Sends events to the configured endpoint until it answers 2xx, with back-off, signed anew at every attempt, in any
/// order. The queue is in the database, so a restart loses none.
/// </summary>
sealed class Webhooks(Database database, Settings settings, HttpClient http, TimeProvider clock, ILogger<Webhooks> log)
    : BackgroundService
{
    public const int AttemptsMax = 60;
    const int BatchMax = 16;
    static readonly TimeSpan BackOffMax = TimeSpan.FromMinutes(1);

    /// <summary>1 s, 2 s, 4 s … one minute.</summary>
    public static TimeSpan BackOff(int attempt) =>
        TimeSpan.FromSeconds(Math.Min(Math.Pow(2, attempt - 1), BackOffMax.TotalSeconds));

    /// <summary>One <c>v1</c> for each secret: several while a secret is being replaced.</summary>
    public static string Sign(string payload, DateTimeOffset at, IEnumerable<string> secrets)
    {
        var t = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signed = Encoding.UTF8.GetBytes($"{t}.{payload}");
        return $"t={t}," + string.Join(',', secrets.Select(secret =>
            "v1=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed))));
    }

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        if (settings.Webhook is null) return;
        while (!ct.IsCancellationRequested)
        {
            var changed = database.Changed;
            var next = clock.GetUtcNow() + DueWait.Longest;
            try
            {
                var due = database.Read(store => store.DueDeliveries(BatchMax));
                await Task.WhenAll(due.Select(delivery => Send(delivery, ct)));
                next = database.Read(store => store.NextDelivery()) ?? next;
            }
            catch (SqliteException why)
            {
                log.RoundFailed(why);
            }

            await DueWait.Until(next, changed, clock, ct);
        }
    }

    async Task Send(Delivery delivery, CancellationToken ct)
    {
        var attempt = delivery.Attempt + 1;
        var outcome = await Post(delivery, ct);
        if (outcome is not null) log.NotDelivered(delivery.Event, attempt, outcome);
        if (outcome is not null && attempt == AttemptsMax) log.GivenUp(delivery.Event, attempt);
        TimeSpan? again = outcome is null || attempt == AttemptsMax ? null : BackOff(attempt);
        await database.Write(store => store.Delivered(delivery.Id, attempt, again), ct);
    }

    /// <summary>The error; null on success.</summary>
    async Task<string?> Post(Delivery delivery, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, settings.Webhook)
        {
            Content = new StringContent(delivery.Payload, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Stripe-Signature", Sign(delivery.Payload, clock.GetUtcNow(), settings.WebhookSecrets));
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            return response.IsSuccessStatusCode ? null : $"{(int)response.StatusCode}";
        }
        catch (Exception broken) when (broken is HttpRequestException
            || broken is TaskCanceledException && !ct.IsCancellationRequested)
        {
            return broken.GetType().Name;
        }
    }
}

sealed record Delivery(long Id, string Event, int Attempt, string Payload);
