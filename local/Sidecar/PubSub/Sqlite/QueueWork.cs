namespace Ticketing.Sidecar.PubSub.Sqlite;

sealed partial class QueueLoop
{
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

        public TaskCompletionSource<ConsumerQueue> Done { get; } = new(
            TaskCreationOptions.RunContinuationsAsynchronously);

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
