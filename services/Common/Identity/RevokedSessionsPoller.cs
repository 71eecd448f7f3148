using System.Text.Json.Serialization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ticketing.Contracts;

namespace Ticketing.Common;

/// <summary>What auth answers to <c>GET internal/sessions/revoked</c>.</summary>
public sealed record RevokedList(IReadOnlyList<SessionRevoked> Sessions);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RevokedList))]
public sealed partial class RevokedListJson : JsonSerializerContext;

/// <summary>
/// Fetches the sessions revoked within the last token lifetime: auth reads its own store, the other services ask auth.
/// </summary>
/// <exception cref="TryAgainException">Auth or the store did not answer.</exception>
public delegate Task<RevokedList?> AskForRevoked(CancellationToken ct);

/// <summary>
/// Asks for revoked sessions every minute: events from before this process started never reached it, and others may
/// have been lost. While auth does not answer, the service uses the revocations it has.
/// </summary>
sealed class RevokedSessionsPoller(
    AskForRevoked ask, RevokedSessions revoked, ILogger<RevokedSessionsPoller> log, TimeProvider clock)
    : BackgroundService
{
    static readonly TimeSpan FirstInterval = TimeSpan.FromSeconds(2), Interval = TimeSpan.FromMinutes(1);

    public static AskForRevoked FromAuth(OtherApps others) => ct =>
        others.Get("auth", "internal/sessions/revoked", RevokedListJson.Default.RevokedList, ct);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var answered = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            answered |= await Ask(stoppingToken);
            await Task.Delay(answered ? Interval : FirstInterval, clock, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task<bool> Ask(CancellationToken ct)
    {
        try
        {
            if (await ask(ct) is not { } list)
                return false;
            foreach (var session in list.Sessions)
                revoked.Add(session);
            return true;
        }
        catch (TryAgainException e)
        {
            log.RevokedNotKnown(e.Message);
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
