using System.Threading.Channels;

namespace Ticketing.Sidecar.PubSub.Sqlite;

/// <summary>One delivery of a message to one consumer.</summary>
/// <param name="Failures">The number of failed deliveries.</param>
sealed record Delivery(StoredMessage Message, int Failures);

/// <summary>The queue of one consumer and topic: the oldest messages in memory, the rest in the file.</summary>
/// <remarks>Workers compete. <see cref="Offer"/>, <see cref="Load"/>, <see cref="Refill"/> and the fields behind them
/// are used only by the thread that owns the file.</remarks>
/// <param name="Id">The id in the file; null for a queue in memory, which ends with its subscriber.</param>
sealed class ConsumerQueue(long? id, string consumer, string topic, long waiting, Action<ConsumerQueue> refill)
{
    /// <summary>The messages in memory that workers can take.</summary>
    const int WindowSize = 1024;

    readonly Channel<Delivery> _ready = Channel.CreateUnbounded<Delivery>();
    long _waiting = waiting;
    long _lastHeld;
    volatile bool _isBehind = waiting > 0;
    int _isRefilling;

    public long? Id => id;
    public string Consumer => consumer;
    public string Topic => topic;

    /// <summary>Its consumer has subscribed since the file was opened.</summary>
    public bool IsOpened { get; set; }

    /// <summary>All unsettled messages, those in delivery included.</summary>
    public long Waiting => Interlocked.Read(ref _waiting);

    /// <summary>So many of its messages were deleted unread.</summary>
    public void Expired(int count) => Interlocked.Add(ref _waiting, -count);

    /// <returns>False if a queue in memory dropped its oldest message.</returns>
    public bool Offer(StoredMessage message)
    {
        Interlocked.Increment(ref _waiting);
        if (id is null) return OfferInMemory(message);
        if (_isBehind || _ready.Reader.Count >= WindowSize)
        {
            _isBehind = true;
            return true;
        }

        _lastHeld = message.Id;
        _ready.Writer.TryWrite(new(message, 0));
        return true;
    }

    /// <summary>The next messages of the file, for <see cref="Refill"/>.</summary>
    public List<StoredMessage> Load(QueueFile file) => file.Load(id!.Value, _lastHeld, WindowSize);

    public void Refill(List<StoredMessage> more)
    {
        foreach (var message in more)
        {
            _lastHeld = message.Id;
            _ready.Writer.TryWrite(new(message, 0));
        }

        _isBehind = more.Count == WindowSize;
        Volatile.Write(ref _isRefilling, 0);
    }

    public async ValueTask<Delivery> TakeAsync(CancellationToken ct)
    {
        var isLow = _isBehind && _ready.Reader.Count < WindowSize / 2;
        if (isLow && Interlocked.Exchange(ref _isRefilling, 1) == 0) refill(this);
        return await _ready.Reader.ReadAsync(ct);
    }

    public void Return(Delivery delivery) => _ready.Writer.TryWrite(delivery);

    public void Settled() => Interlocked.Decrement(ref _waiting);

    bool OfferInMemory(StoredMessage message)
    {
        var full = _ready.Reader.Count >= WindowSize && _ready.Reader.TryRead(out _);
        if (full) Settled();
        _ready.Writer.TryWrite(new(message, 0));
        return !full;
    }
}
