using System.Collections.Concurrent;
using Ticketing.Common;

namespace Ticketing.Web;

/// <summary>
/// Writes to the audit log that an operator viewed a page of the console: at most once per interval for each session
/// and page, because an open page reloads its data every second.
/// </summary>
sealed class AuditedViews(Audit audit, TimeProvider clock)
{
    static readonly TimeSpan Interval = TimeSpan.FromMinutes(15);

    /// <summary>The most sessions and pages remembered; beyond it all are dropped, and some entries repeated.</summary>
    const int KeysMax = 1_000;

    readonly ConcurrentDictionary<(string Session, AuditAct Act), long> recordedAt = new();

    /// <exception cref="TryAgainException">The entry could not be saved.</exception>
    public async Task Record(HttpContext context, AuditAct act, CancellationToken ct)
    {
        var key = (User.From(context.User)!.SessionId, act);
        if (recordedAt.TryGetValue(key, out var at) && clock.GetElapsedTime(at) < Interval)
            return;
        await audit.Note(context, act, "", ct);
        if (recordedAt.Count >= KeysMax)
            recordedAt.Clear();
        recordedAt[key] = clock.GetTimestamp();
    }
}
