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
/// Asks for all sessions signed out not long ago; auth looks into its own store, the others ask auth.
/// </summary>
/// <exception cref="TryAgainException">Nobody answers.</exception>
public delegate Task<RevokedList?> AskForRevoked(CancellationToken ct);

/// <summary>
/// Learns of the sign-outs this process has not heard of: those before its start, and any whose message was lost.
/// With auth away the service works on with what it knows.
/// </summary>
sealed class RevokedFeed(AskForRevoked ask, RevokedSessions revoked, ILogger<RevokedFeed> log, TimeProvider clock)
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
