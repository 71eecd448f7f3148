using Ticketing.Sqlite;

namespace Ticketing.Sidecar.PubSub.Sqlite;

/// <param name="Retention">How long a message is kept for consumers that subscribe later, settled or not.</param>
/// <param name="RetainedMax">The most messages kept for them, the newest.</param>
/// <param name="WaitingMax">Unsettled messages of one consumer and topic; publishing is refused beyond.</param>
sealed record QueueLimits(TimeSpan Retention, long RetainedMax, long WaitingMax);

/// <summary>One queue file and the queues in it. Everything is read and written on the thread of its
/// <see cref="GroupCommit"/>.</summary>
sealed partial class QueueLoop : IDisposable
{
    const int TrimMax = 512;
    static readonly TimeSpan TrimEvery = TimeSpan.FromMinutes(1), RefillRetry = TimeSpan.FromSeconds(1);
    /// <summary>A consumer that has not subscribed for so long since the file was opened may be gone for good.</summary>
    static readonly TimeSpan AbandonedAfter = TimeSpan.FromHours(1);

    readonly QueueFile _file;
    readonly GroupCommit _commits;
    readonly QueueLimits _limits;
    readonly TimeProvider _time;
    readonly ILogger _log;
    readonly string _path;
    readonly Dictionary<string, List<ConsumerQueue>> _byTopic = [];
    readonly ITimer _trim;
    readonly long _started;
    volatile bool _isClosed;

    public QueueLoop(string path, QueueLimits limits, TimeProvider time, ILogger log)
    {
        (_path, _limits, _time, _log, _started) = (path, limits, time, log, time.GetTimestamp());
        _file = new QueueFile(path);
        foreach (var (id, consumer, topic) in _file.Queues()) Add(new(id, consumer, topic, _file.Waiting(id), Refill));
        _commits = new GroupCommit(_file.Connection);
        // Before the first subscriber: a timer due at once may fire behind it on a busy machine.
        Trim();
        _trim = time.CreateTimer(_ => Trim(), null, TrimEvery, TrimEvery);
    }

    /// <summary>Completes when the message is on the disk and in every consumer's queue.</summary>
    /// <exception cref="QueueFullException">A consumer of the topic has too many waiting messages.</exception>
    public Task PublishAsync(BrokerMessage message)
    {
        var publish = new PublishWork(this, message);
        _commits.Add(publish);
        return publish.Done.Task;
    }

    /// <param name="isEphemeral">The queue gets messages published from now on, in memory only, until <see
    /// cref="Close"/>.</param>
    public Task<ConsumerQueue> OpenAsync(string consumer, string topic, bool isEphemeral)
    {
        var open = new OpenWork(this, consumer, topic, isEphemeral);
        _commits.Add(open);
        return open.Done.Task;
    }

    public void Close(ConsumerQueue queue) =>
        _commits.Add(new Work(this, () => { }, () => QueuesOf(queue.Topic).Remove(queue)));

    public void Settle(ConsumerQueue queue, long message)
    {
        queue.Settled();
        if (queue.Id is { } id) _commits.Add(new Work(this, () => _file.Settle(id, message)));
    }

    // Its workers wait for it, and nothing else would ask for it again: it is repeated until it succeeds.
    void Refill(ConsumerQueue queue)
    {
        List<StoredMessage> more = [];
        _commits.Add(new Work(
            this, () => more = queue.Load(_file), () => queue.Refill(more), () => _ = RefillLaterAsync(queue)));
    }

    async Task RefillLaterAsync(ConsumerQueue queue)
    {
        if (_isClosed) return;
        await Task.Delay(RefillRetry, _time);
        Refill(queue);
    }

    /// <summary>Deletes old messages in batches.</summary>
    void Trim()
    {
        if (_time.GetElapsedTime(_started) >= AbandonedAfter) ExpireAbandoned();
        var deleted = 0;
        _commits.Add(new Work(
            this,
            () => deleted = _file.Trim(_time.GetUtcNow() - _limits.Retention, _limits.RetainedMax, TrimMax),
            () =>
            {
                if (deleted == TrimMax) Trim();
            }));
    }

    // An app that no longer subscribes to a topic leaves its queue behind. It would fill up, and then refuse what is
    // published for all others.
    void ExpireAbandoned()
    {
        List<(ConsumerQueue Queue, int Count)> expired = [];
        _commits.Add(new Work(
            this,
            () => expired = [.. _byTopic.Values.SelectMany(queues => queues)
                .Where(queue => queue is { IsOpened: false, Id: not null })
                .Select(queue => (queue, _file.Expire(queue.Id!.Value, _time.GetUtcNow() - _limits.Retention, TrimMax)))],
            () =>
            {
                foreach (var (queue, count) in expired) queue.Expired(count);
                if (expired.Exists(one => one.Count == TrimMax)) Trim();
            }));
    }

    void LogFailure(Exception error)
    {
        if (error is not ObjectDisposedException) PubSubLog.QueueFileFailed(_log, error, _path);
    }

    List<ConsumerQueue> QueuesOf(string topic) => _byTopic.GetValueOrDefault(topic) ?? [];

    void Add(ConsumerQueue queue)
    {
        if (!_byTopic.TryGetValue(queue.Topic, out var queues)) _byTopic.Add(queue.Topic, queues = []);
        queues.Add(queue);
    }

    public void Dispose()
    {
        _isClosed = true;
        _trim.Dispose();
        _commits.Dispose();
        _file.Dispose();
    }
}
