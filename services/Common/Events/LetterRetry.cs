using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ticketing.Common;

/// <summary>
/// Once at start, applies the dead letters that an older build kept because only a newer one can read them: this build may
/// be the newer one.
/// </summary>
sealed class LetterRetry(AggregateStore<DeadLetters> store, DeadLetterReplay replay, IHostApplicationLifetime lifetime,
    ILogger<DeadLetters> log, TimeProvider clock) : BackgroundService
{
    static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(5);

    /// <summary>How <see cref="DeadLetterReplay"/> describes that only a newer build can read it.</summary>
    const string Reason = nameof(NewerVersionException);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The routes, and the sidecar's way to them, exist only then.
        using var started = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStarted, stoppingToken);
        await Task.Delay(Timeout.Infinite, started.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ApplyAll(stoppingToken);
                return;
            }
            catch (Exception e) when (e is TryAgainException or SidecarException or DamagedDocumentException)
            {
                log.LettersWait(e.Message);
            }
            await Task.Delay(RetryInterval, clock, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task ApplyAll(CancellationToken ct)
    {
        var letters = (await store.Find(DeadLetters.DocumentId, ct))?.Letters ?? [];
        foreach (var letter in letters.Where(letter => letter.Fault.StartsWith(Reason, StringComparison.Ordinal)))
        {
            if (await replay.Apply(letter.Pubsub, letter.Topic, letter.Body, ct) is null)
                await store.Update(DeadLetters.DocumentId, kept => kept.Remove(letter.Id), ct);
        }
    }
}
