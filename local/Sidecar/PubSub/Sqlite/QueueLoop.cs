using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Ticketing.Sidecar.PubSub.Sqlite;

/// <param name="Retention">How long a message is kept for consumers that have never been here, settled or not.</param>
/// <param name="RetainedMax">How many of the newest messages are kept for them at most.</param>
/// <param name="WaitingMax">Unsettled messages of one consumer and topic; publishing is refused beyond.</param>
sealed record QueueLimits(TimeSpan Retention, long RetainedMax, long WaitingMax);

/// <summary>The one thread that reads and writes a queue file. Whatever piles up while a commit is on its way to the
/// disk goes into the next one, so that many publishers share one fsync.</summary>
sealed class QueueLoop : IDisposable
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

    /// <summary>One thing to do: written inside a shared transaction, and followed up once that is committed.</summary>
    abstract class Work
    {
        public abstract void Write(QueueLoop loop);
        public virtual void Committed(QueueLoop loop) { }
        public virtual void Undone(QueueLoop loop, Exception error) { }
    }

    sealed class PublishWork(BrokerMessage message) : Work
    {
        List<ConsumerQueue> _queues = [];
        StoredMessage? _stored;
        QueueFullException? _refused;

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void Write(QueueLoop loop)
        {
            // A queue that opens later in this batch finds the message in the file.
            _queues = [.. loop.QueuesOf(message.Topic)];
            if (_queues.Find(queue => queue.Id is not null && queue.Waiting >= loop._limits.WaitingMax) is { } full)
            {
                _refused = new(full.Consumer, full.Topic, full.Waiting);
                return;
            }

            var id = loop._file.Append(message.Topic, message.Data, message.Metadata, loop._time.GetUtcNow());
            foreach (var queue in _queues)
                if (queue.Id is { } durable) loop._file.AddDelivery(durable, id);
            _stored = new(id, message.Topic, message.Data, message.Metadata);
        }

        public override void Committed(QueueLoop loop)
        {
            if (_refused is not null)
            {
                Done.SetException(_refused);
                return;
            }

            foreach (var queue in _queues)
                if (!queue.Offer(_stored!)) PubSubLog.EphemeralOverflow(loop._log, queue.Consumer, queue.Topic);
            Done.SetResult();
        }

        public override void Undone(QueueLoop loop, Exception error) => Done.TrySetException(error);
    }

    sealed class OpenWork(string consumer, string topic, bool isEphemeral) : Work
    {
        ConsumerQueue? _queue;
        ConsumerQueue? _opened;

        public TaskCompletionSource<ConsumerQueue> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void Write(QueueLoop loop)
        {
            _queue = loop.QueuesOf(topic).Find(queue => queue.Consumer == consumer);
            if (_queue is not null) return;
            long? id = isEphemeral ? null : loop._file.OpenQueue(consumer, topic);
            _queue = _opened = new(id, consumer, topic, id is null ? 0 : loop._file.Waiting(id.Value), loop.Refill);
            loop.Add(_opened);
        }

        public override void Committed(QueueLoop loop) => Done.SetResult(_queue!);

        public override void Undone(QueueLoop loop, Exception error)
        {
            if (_opened is not null) loop.QueuesOf(topic).Remove(_opened);
            Done.TrySetException(error);
        }
    }

    sealed class SettleWork(long queue, long message) : Work
    {
        public override void Write(QueueLoop loop) => loop._file.Settle(queue, message);
    }

    sealed class RefillWork(ConsumerQueue queue) : Work
    {
        public override void Write(QueueLoop loop) { }
        public override void Committed(QueueLoop loop) => queue.Refill(loop._file);
    }

    sealed class CloseWork(ConsumerQueue queue) : Work
    {
        public override void Write(QueueLoop loop) { }
        public override void Committed(QueueLoop loop) => loop.QueuesOf(queue.Topic).Remove(queue);
    }
}

/// <summary>The message was not taken: a consumer has more waiting than the component allows.</summary>
sealed class QueueFullException(string consumer, string topic, long waiting) : Exception(
    $"the queue of {consumer} for topic {topic} is full: {waiting} messages wait (raise maxWaiting, or let {consumer} catch up)");
