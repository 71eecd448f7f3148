using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Ticketing.Aggregates;

/// <summary>
/// The slots of this process. A slot is written in the same transaction as the aggregate it names. It is free again, and
/// not written, once the aggregate's events are published and it is settled: what it still holds is then harmless.
/// </summary>
public sealed class Journal
{
    /// <summary>The directory entry grows by this many slots; one transaction empties at most as many.</summary>
    public const int SlotsStep = 64;
    public static readonly TimeSpan BeatInterval = TimeSpan.FromSeconds(2);

    /// <summary>A directory entry not seen for this long is written again: others remove it only after a day.</summary>
    static readonly TimeSpan RegistrationAge = TimeSpan.FromHours(1);
    static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(5);
    /// <summary>Beats without a slot held, after which the slots used since are emptied.</summary>
    const int IdleBeats = 2;

    readonly ISidecar sidecar;
    readonly InstanceDirectory directory;
    readonly ILogger<Journal> log;
    readonly TimeProvider clock;
    readonly Lock gate = new();
    readonly Stack<JournalSlot> free = new();
    readonly HashSet<JournalSlot> stale = [];
    Task? registering;
    long? registeredAt;
    long beats;
    int slots, next, held, idle;

    internal Journal(ISidecar sidecar, InstanceDirectory directory, Random random, ILogger<Journal> log,
        TimeProvider clock)
    {
        (this.sidecar, this.directory, this.log, this.clock) = (sidecar, directory, log, clock);
        Instance = WriteId.New(random);
    }

    /// <summary>This process's id in the journal.</summary>
    public string Instance { get; }

    /// <summary>A slot that nobody else uses, in a directory entry that is durable.</summary>
    /// <exception cref="SidecarException">The directory cannot be written.</exception>
    internal async Task<JournalSlot> Take(CancellationToken ct)
    {
        while (true)
        {
            Task registration;
            lock (gate)
            {
                if (IsRegistered() && (free.Count > 0 || next < slots))
                {
                    (held, idle) = (held + 1, 0);
                    return free.TryPop(out var slot) ? slot : new(next, JournalSlot.KeyOf(Instance, next++));
                }
                registration = registering ??= Register();
            }
            await registration.WaitAsync(ct);
        }
    }

    /// <summary>Its aggregate is settled and all its events are published.</summary>
    internal void Free(JournalSlot slot)
    {
        lock (gate)
        {
            held--;
            stale.Add(slot);
            free.Push(slot);
        }
    }

    /// <summary>
    /// The outcome of a transaction with this slot is unknown. It may land at any time and overwrite the slot, so the slot
    /// is never used again.
    /// </summary>
    internal void Retire(JournalSlot slot)
    {
        lock (gate)
        {
            held--;
            stale.Remove(slot);
        }
    }

    /// <param name="listed">This process's entry as just read from the directory; null if it has none.</param>
    internal void Seen(JournalInstance? listed)
    {
        lock (gate)
            registeredAt = listed is { EmptySince: null } && listed.Slots >= slots ? clock.GetTimestamp() : null;
    }

    bool IsRegistered() => registeredAt is { } at && clock.GetElapsedTime(at) < RegistrationAge;

    // Callers share one registration, so it has its own timeout.
    async Task Register()
    {
        await Task.Yield();   // outside the lock
        try
        {
            int wanted;
            lock (gate)
                wanted = slots == 0 || free.Count == 0 && next == slots ? slots + SlotsStep : slots;
            using var timeout = new CancellationTokenSource(CallTimeout, clock);
            await directory.Register(Instance, wanted, timeout.Token);
            lock (gate)
                (slots, registeredAt) = (wanted, clock.GetTimestamp());
        }
        catch (OperationCanceledException e)
        {
            throw new SidecarException("This process could not be entered in the journal's directory.", e);
        }
        finally
        {
            lock (gate)
                registering = null;
        }
    }

    /// <summary>
    /// Shows other processes that this one lives, while it holds a slot. When it has held none for a while, empties the
    /// slots it has used.
    /// </summary>
    public async Task Beat(CancellationToken ct)
    {
        bool isIdle;
        lock (gate)
        {
            if (held == 0 && idle++ < IdleBeats)
                return;
            isIdle = held == 0;
        }
        if (isIdle)
            await EmptyStale(ct);
        else
            await Try([new(new JournalInstance(Instance, slots).BeatKey,
                Encoding.UTF8.GetBytes((++beats).ToString(CultureInfo.InvariantCulture)))], ct);
    }

    /// <summary>Empties free slots that were used, so that other processes need not look at their aggregates.</summary>
    public async Task EmptyStale(CancellationToken ct)
    {
        List<JournalSlot> emptied;
        lock (gate)
        {
            emptied = [.. free.Where(stale.Contains).Take(SlotsStep)];
            if (emptied.Count == 0)
                return;
            stale.ExceptWith(emptied);
            var others = free.Except(emptied).ToList();
            free.Clear();
            others.ForEach(free.Push);
        }
        // If the outcome is unknown they are not given back: they are retired.
        if (!await Try([.. emptied.Select(slot => new StateWrite(slot.Key, JournalSlot.Empty))], ct))
            return;
        lock (gate)
            emptied.ForEach(free.Push);
    }

    async Task<bool> Try(IReadOnlyList<StateWrite> writes, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(CallTimeout, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, ct);
        try
        {
            await sidecar.Transact(writes, linked.Token);
            return true;
        }
        catch (Exception e) when (e is SidecarException or OperationCanceledException)
        {
            log.JournalNotWritten(e);
            return false;
        }
    }
}
