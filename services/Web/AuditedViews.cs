using System.Collections.Concurrent;
using Ticketing.Common;

namespace Ticketing.Web;

/// <summary>
/// Notes in the audit log that an operator looked at a page of the console: once in a while for each session and page,
/// since a page that is open asks again every second.
/// </summary>
sealed class AuditedViews(Audit audit, TimeProvider clock)
{
    static readonly TimeSpan Interval = TimeSpan.FromMinutes(15);

    /// <summary>Sessions and pages; operators are few. Forgetting them costs a few lines more.</summary>
    const int RememberedMax = 1_000;

    readonly ConcurrentDictionary<(string Session, AuditAct Act), long> recordedAt = new();

    /// <exception cref="TryAgainException">It could not be written down.</exception>
    public async Task Record(HttpContext context, AuditAct act, CancellationToken ct)
    {
        var key = (User.From(context.User)!.SessionId, act);
        if (recordedAt.TryGetValue(key, out var at) && clock.GetElapsedTime(at) < Interval)
            return;
        await audit.Note(context, act, "", ct);
        if (recordedAt.Count >= RememberedMax)
            recordedAt.Clear();
        recordedAt[key] = clock.GetTimestamp();
    }
}
