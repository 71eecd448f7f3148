using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Ticketing.Sidecar.PubSub.Sqlite;

/// <param name="Retention">How long a message is kept for consumers that have never been here, settled or not.</param>
/// <param name="RetainedMax">How many of the newest messages are kept for them at most.</param>
/// <param name="WaitingMax">Unsettled messages of one consumer and topic; publishing is refused beyond.</param>
sealed record QueueLimits(TimeSpan Retention, long RetainedMax, long WaitingMax);

/// <summary>The one thread that reads and writes a queue file. Whatever piles up while a commit is on its way to the
/// disk goes into the next one, so that many publishers share one fsync.</summary>
sealed partial class QueueLoop : IDisposable
{
    const int BatchMax = 512;
    static readonly TimeSpan TrimEvery = TimeSpan.FromSeconds(5);

    readonly QueueFile _file;
    readonly QueueLimits _limits;
    readonly TimeProvider _time;
    readonly ILogger _log;
    readonly string _path;
    readonly BlockingCollection<Work> _work = [];
    readonly Dictionary<string, List<ConsumerQueue>> _byTopic = [];
    readonly Thread _thread;
    long _lastTrim;

    public QueueLoop(string path, QueueLimits limits, TimeProvider time, ILogger log)
    {
        (_path, _limits, _time, _log) = (path, limits, time, log);
        _file = new QueueFile(path);
        foreach (var (id, consumer, topic) in _file.Queues()) Add(new(id, consumer, topic, _file.Waiting(id), Refill));
        _thread = new Thread(Run) { IsBackground = true, Name = $"queue file {Path.GetFileName(path)}" };
        _thread.Start();
    }

    /// <summary>Done when the message is on the disk and offered to every consumer.</summary>
    /// <exception cref="QueueFullException">A consumer of the topic is too far behind.</exception>
    public Task PublishAsync(BrokerMessage message)
    {
        var publish = new PublishWork(message);
        Enqueue(publish);
        return publish.Done.Task;
    }

    /// <param name="isEphemeral">The queue gets what is published from now on, in memory, and ends with <see
    /// cref="Close"/>.</param>
    public Task<ConsumerQueue> OpenAsync(string consumer, string topic, bool isEphemeral)
    {
        var open = new OpenWork(consumer, topic, isEphemeral);
        Enqueue(open);
        return open.Done.Task;
    }

    public void Close(ConsumerQueue queue) => Enqueue(new CloseWork(queue));

    public void Settle(ConsumerQueue queue, long message)
    {
        queue.Settled();
        if (queue.Id is not null) Enqueue(new SettleWork(queue.Id.Value, message));
    }

    void Refill(ConsumerQueue queue) => Enqueue(new RefillWork(queue));

    void Enqueue(Work work)
    {
        try
        {
            _work.Add(work);
        }
        catch (InvalidOperationException)
        {
            work.Undone(this, new ObjectDisposedException(nameof(QueueLoop), "component is closed"));
        }
    }

    void Run()
    {
        var batch = new List<Work>(BatchMax);
        foreach (var first in _work.GetConsumingEnumerable())
        {
            batch.Add(first);
            while (batch.Count < BatchMax && _work.TryTake(out var next)) batch.Add(next);
            Commit(batch);
            batch.Clear();
        }

        _file.Dispose();
    }

    void Commit(List<Work> batch)
    {
        try
        {
            // Only a publisher waits for the disk: a settled message that a power cut brings back is a duplicate.
            _file.Begin(durable: batch.Exists(work => work is PublishWork or OpenWork));
            foreach (var work in batch) work.Write(this);
            Trim();
            _file.Commit();
        }
        catch (SqliteException error)
        {
            PubSubLog.QueueFileFailed(_log, error, _path);
            TryRollback();
            foreach (var work in batch) work.Undone(this, error);
            return;
        }

        foreach (var work in batch) work.Committed(this);
    }

    void TryRollback()
    {
        try
        {
            _file.Rollback();
        }
        catch (SqliteException error)
        {
            // SQLite has rolled back by itself after some errors, and says so here.
            PubSubLog.QueueFileFailed(_log, error, _path);
        }
    }

    void Trim()
    {
        if (_time.GetElapsedTime(_lastTrim) < TrimEvery && _lastTrim != 0) return;
        if (_file.Trim(_time.GetUtcNow() - _limits.Retention, _limits.RetainedMax, BatchMax) < BatchMax)
            _lastTrim = _time.GetTimestamp();
    }

    List<ConsumerQueue> QueuesOf(string topic) => _byTopic.GetValueOrDefault(topic) ?? [];

    void Add(ConsumerQueue queue)
    {
        if (!_byTopic.TryGetValue(queue.Topic, out var queues)) _byTopic.Add(queue.Topic, queues = []);
        queues.Add(queue);
    }

    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }
}
