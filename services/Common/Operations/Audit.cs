using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ticketing.Common;

/// <summary>
/// Records the operators' actions in this service's store and log. The entry is saved before the action is done: if
/// it cannot be saved, the action is not done.
/// </summary>
public sealed class Audit(
    AggregateStore<AuditPage> pages, AppId app, TimeProvider clock, Random random, ILogger<Audit> log)
{
    /// <summary>How many entries are shown.</summary>
    public const int ShownMax = 100;
    const int ActionBytes = 8;
    static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(3);

    /// <summary>One action whose start is recorded.</summary>
    public readonly record struct Begun(AuditEntry Entry);

    /// <exception cref="TryAgainException">It could not be saved: the action must not be done.</exception>
    public async Task<Begun> Begin(HttpContext who, AuditAct act, string on, CancellationToken ct)
    {
        var entry = Entry(who, act, on, AuditOutcome.Begun);
        await Write(entry, ct);
        return new(entry);
    }

    /// <summary>Records the outcome. The action is done already: if the entry cannot be saved, it is logged.</summary>
    public async Task End(Begun begun, AuditOutcome outcome)
    {
        var entry = begun.Entry with { At = clock.GetUtcNow(), Outcome = outcome };
        try
        {
            await Write(entry, default);
        }
        catch (Exception e) when (e is TryAgainException or SidecarException)
        {
            log.AuditEndNotWritten(e, entry.Action, outcome);
        }
    }

    /// <summary>Records an action with only one entry, such as viewing a page.</summary>
    /// <exception cref="TryAgainException">It could not be saved.</exception>
    public Task Note(HttpContext who, AuditAct act, string on, CancellationToken ct) =>
        Write(Entry(who, act, on, AuditOutcome.Done), ct);

    /// <summary>The newest entries, newest first.</summary>
    public async Task<AuditList> Read(CancellationToken ct)
    {
        var entries = new List<AuditEntry>();
        var page = await pages.Find(AuditPage.Newest, ct);
        while (page is not null)
        {
            entries.AddRange(page.Entries.Reverse());
            page = entries.Count < ShownMax && page.Number > 1
                ? await pages.Find(AuditPage.KeyOf(page.Number - 1), ct)
                : null;
        }
        return new([.. entries.Take(ShownMax)]);
    }

    async Task Write(AuditEntry entry, CancellationToken ct)
    {
        log.Audited(entry.Action, entry.User?.Value ?? "the app token", entry.Session ?? "", entry.App, entry.Act,
            entry.On, entry.Outcome);
        try
        {
            await Append(entry, ct).WaitAsync(WriteTimeout, clock, ct);
        }
        catch (TimeoutException e)
        {
            throw new TryAgainException("The audit log cannot be written right now.", e);
        }
    }

    async Task Append(AuditEntry entry, CancellationToken ct)
    {
        var decision = await pages.Update(AuditPage.Newest, page => page.Append(entry), ct);
        if (decision.Refusal is null)
            return;
        var full = (await pages.Find(AuditPage.Newest, ct))!;
        if (full.Entries.Length >= AuditPage.EntriesMax)
            await pages.Update(AuditPage.KeyOf(full.Number), page => page.CopyFrom(full), ct);
        decision = await pages.Update(AuditPage.Newest, page => page.StartNext(full, entry), ct);
        if (decision.Refusal is not null)
            throw new TryAgainException("The audit log is written by too many at once.");
    }

    AuditEntry Entry(HttpContext who, AuditAct act, string on, AuditOutcome outcome)
    {
        var user = User.From(who.User);
        Span<byte> bytes = stackalloc byte[ActionBytes];
        random.NextBytes(bytes);
        var caller = who.Request.Headers[SidecarOnly.CallerHeader].ToString();
        return new(Convert.ToHexStringLower(bytes), clock.GetUtcNow(), user?.Id, user?.SessionId,
            user is null && caller.Length > 0 ? LetterMask.Envelope(caller) : app.Value, act,
            LetterMask.Envelope(on), outcome);
    }
}

public static class AuditServices
{
    public static IServiceCollection AddAudit(this IServiceCollection services) => services
        .AddHttpJson(AuditJson.Default)
        .AddAggregate(AuditJson.Default.DocumentAuditPage)
        .AddSingleton<Audit>();
}
