using Ticketing.Sqlite;

namespace Ticketing.Sidecar.PubSub.Sqlite;

sealed partial class QueueLoop
{
    /// <summary>A write that nobody waits for: a settled message that a power cut brings back is a duplicate.</summary>
    abstract class Work(QueueLoop loop) : GroupedWrite
    {
        protected QueueLoop Loop => loop;

        public override bool IsDurable => false;

        public override bool Write() => true;

        public override void Committed()
        {
            // Done.
        }

        public override void Failed(Exception error)
        {
            if (error is not ObjectDisposedException) PubSubLog.QueueFileFailed(loop._log, error, loop._path);
        }
    }

    sealed class PublishWork(QueueLoop loop, BrokerMessage message) : Work(loop)
    {
        List<ConsumerQueue> _queues = [];
        StoredMessage? _stored;
        QueueFullException? _refused;

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override bool IsDurable => true;

        public override bool Write()
        {
            // A queue that opens later in this batch finds the message in the file.
            _queues = [.. Loop.QueuesOf(message.Topic)];
            if (_queues.Find(queue => queue.Id is not null && queue.Waiting >= Loop._limits.WaitingMax) is { } full)
            {
                _refused = new(full.Consumer, full.Topic, full.Waiting);
                return false;
            }

            var id = Loop._file.Append(message.Topic, message.Data, message.Metadata, Loop._time.GetUtcNow());
            foreach (var queue in _queues)
                if (queue.Id is { } durable) Loop._file.AddDelivery(durable, id);
            _stored = new(id, message.Topic, message.Data, message.Metadata);
            return true;
        }

        public override void Committed()
        {
            if (_refused is not null)
            {
                Done.SetException(_refused);
                return;
            }

            foreach (var queue in _queues)
                if (!queue.Offer(_stored!)) PubSubLog.EphemeralOverflow(Loop._log, queue.Consumer, queue.Topic);
            Done.SetResult();
        }

        public override void Failed(Exception error)
        {
            base.Failed(error);
            Done.TrySetException(error);
        }
    }

    sealed class OpenWork(QueueLoop loop, string consumer, string topic, bool isEphemeral) : Work(loop)
    {
        ConsumerQueue? _queue;
        ConsumerQueue? _opened;

        public TaskCompletionSource<ConsumerQueue> Done { get; } = new(
            TaskCreationOptions.RunContinuationsAsynchronously);

        public override bool IsDurable => true;

        public override bool Write()
        {
            _queue = Loop.QueuesOf(topic).Find(queue => queue.Consumer == consumer);
            if (_queue is not null) return true;
            long? id = isEphemeral ? null : Loop._file.OpenQueue(consumer, topic);
            _queue = _opened = new(id, consumer, topic, id is null ? 0 : Loop._file.Waiting(id.Value), Loop.Refill);
            Loop.Add(_opened);
            return true;
        }

        public override void Committed() => Done.SetResult(_queue!);

        public override void Failed(Exception error)
        {
            base.Failed(error);
            if (_opened is not null) Loop.QueuesOf(topic).Remove(_opened);
            Done.TrySetException(error);
        }
    }

    sealed class SettleWork(QueueLoop loop, long queue, long message) : Work(loop)
    {
        public override bool Write()
        {
            Loop._file.Settle(queue, message);
            return true;
        }
    }

    /// <summary>Forgets what is too old, a part at a time.</summary>
    sealed class TrimWork(QueueLoop loop) : Work(loop)
    {
        bool _hasMore;

        public override bool Write()
        {
            var oldest = Loop._time.GetUtcNow() - Loop._limits.Retention;
            _hasMore = Loop._file.Trim(oldest, Loop._limits.RetainedMax, TrimMax) == TrimMax;
            return true;
        }

        public override void Committed()
        {
            if (_hasMore) Loop._commits.Add(new TrimWork(Loop));
        }
    }

    sealed class RefillWork(QueueLoop loop, ConsumerQueue queue) : Work(loop)
    {
        public override void Committed() => queue.Refill(Loop._file);
    }

    sealed class CloseWork(QueueLoop loop, ConsumerQueue queue) : Work(loop)
    {
        public override void Committed() => Loop.QueuesOf(queue.Topic).Remove(queue);
    }
}
