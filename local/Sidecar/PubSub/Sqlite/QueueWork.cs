using Ticketing.Sqlite;

namespace Ticketing.Sidecar.PubSub.Sqlite;

sealed partial class QueueLoop
{
    /// <summary>Records settled messages without waiting for the disk: after a power failure they are delivered
    /// again.</summary>
    sealed class Work(QueueLoop loop, Action write, Action? committed = null, Action? failed = null) : GroupedWrite
    {
        public override bool IsDurable => false;

        public override bool Write()
        {
            write();
            return true;
        }

        public override void Committed() => committed?.Invoke();

        public override void Failed(Exception error)
        {
            loop.LogFailure(error);
            failed?.Invoke();
        }
    }

    sealed class PublishWork(QueueLoop loop, BrokerMessage message) : GroupedWrite
    {
        List<ConsumerQueue> _queues = [];
        StoredMessage? _stored;
        QueueFullException? _refused;

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override bool Write()
        {
            // A queue opened later in this batch reads the message from the file.
            _queues = [.. loop.QueuesOf(message.Topic)];
            if (_queues.Find(queue => queue.Id is not null && queue.Waiting >= loop._limits.WaitingMax) is { } full)
            {
                _refused = new(full.Consumer, full.Topic, full.Waiting);
                return false;
            }

            var id = loop._file.Append(message.Topic, message.Data, message.Metadata, loop._time.GetUtcNow());
            foreach (var queue in _queues)
                if (queue.Id is { } durable) loop._file.AddDelivery(durable, id);
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
                if (!queue.Offer(_stored!)) PubSubLog.EphemeralOverflow(loop._log, queue.Consumer, queue.Topic);
            Done.SetResult();
        }

        public override void Failed(Exception error)
        {
            loop.LogFailure(error);
            Done.TrySetException(error);
        }
    }

    sealed class OpenWork(QueueLoop loop, string consumer, string topic, bool isEphemeral) : GroupedWrite
    {
        ConsumerQueue? _queue;
        ConsumerQueue? _opened;

        public TaskCompletionSource<ConsumerQueue> Done { get; } = new(
            TaskCreationOptions.RunContinuationsAsynchronously);

        public override bool Write()
        {
            _queue = loop.QueuesOf(topic).Find(queue => queue.Consumer == consumer);
            if (_queue is not null) return _queue.IsOpened = true;
            long? id = isEphemeral ? null : loop._file.OpenQueue(consumer, topic);
            _queue = _opened = new(id, consumer, topic, id is null ? 0 : loop._file.Waiting(id.Value), loop.Refill)
            {
                IsOpened = true,
            };
            loop.Add(_opened);
            return true;
        }

        public override void Committed() => Done.SetResult(_queue!);

        public override void Failed(Exception error)
        {
            loop.LogFailure(error);
            if (_opened is not null) loop.QueuesOf(topic).Remove(_opened);
            Done.TrySetException(error);
        }
    }
}
