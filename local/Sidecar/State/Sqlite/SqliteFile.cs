using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Ticketing.Sidecar.State.Sqlite;

/// <summary>
/// One state table in one file, for every sidecar of the process that uses it: many readers, one writer.
/// </summary>
/// <remarks>
/// Writers that come while a commit is on its way to the disk share the next one. There is no writer thread: whoever
/// finds nobody writing writes for all, so that a lone writer pays for its fsync and nothing else.
/// </remarks>
sealed class SqliteFile : IDisposable
{
    const int BatchMax = 256;

    readonly SqliteSettings _settings;
    readonly TimeProvider _time;
    readonly Func<Guid> _newId;
    readonly SqliteTable _writer;
    readonly Lock _writing = new();
    readonly ConcurrentQueue<Job> _jobs = new();
    readonly ConcurrentBag<SqliteTable> _readers = [];
    readonly ITimer? _cleanup;

    public SqliteFile(SqliteSettings settings, TimeProvider time, Func<Guid> newId)
    {
        (_settings, _time, _newId) = (settings, time, newId);
        _writer = new SqliteTable(settings);
        _writer.Create();
        if (settings.CleanupInterval > TimeSpan.Zero)
            _cleanup = time.CreateTimer(_ => Enqueue(new Job([], IsCleanup: true)), null, settings.CleanupInterval,
                settings.CleanupInterval);
    }

    /// <summary>Done when it is on the disk, or refused.</summary>
    /// <exception cref="StateStoreException">The file cannot be written to.</exception>
    public Task<StateOutcome> WriteAsync(IReadOnlyList<PlannedWrite> writes)
    {
        var job = new Job(writes);
        Enqueue(job);
        return job.Done.Task;
    }

    public T Read<T>(Func<SqliteTable, DateTimeOffset, T> read)
    {
        // Connections to a database in memory get in each other's way: one at a time.
        if (_settings.IsInMemory)
        {
            lock (_writing) return read(_writer, _time.GetUtcNow());
        }

        if (!_readers.TryTake(out var reader)) reader = new SqliteTable(_settings);
        try
        {
            return read(reader, _time.GetUtcNow());
        }
        finally
        {
            _readers.Add(reader);
        }
    }

    void Enqueue(Job job)
    {
        _jobs.Enqueue(job);
        Lead();
    }

    void Lead()
    {
        if (!_writing.TryEnter()) return;
        try
        {
            CommitBatch();
        }
        finally
        {
            _writing.Exit();
        }

        // Whoever came meanwhile found somebody writing and left; but the leader has its own caller to answer.
        if (!_jobs.IsEmpty) ThreadPool.UnsafeQueueUserWorkItem(static file => file.Lead(), this, preferLocal: false);
    }

    void CommitBatch()
    {
        var batch = new List<Job>();
        while (batch.Count < BatchMax && _jobs.TryDequeue(out var job)) batch.Add(job);
        if (batch.Count == 0) return;
        var outcomes = new StateOutcome[batch.Count];
        try
        {
            if (batch is [{ Writes: [var single] }])
            {
                // One statement is a transaction by itself.
                outcomes[0] = Apply(single);
            }
            else
            {
                _writer.Run("BEGIN IMMEDIATE");
                for (var i = 0; i < batch.Count; i++) outcomes[i] = Apply(batch[i]);
                _writer.Run("COMMIT");
            }
        }
        catch (Exception error)
        {
            // Whatever it was, it is everybody's whose write was in the batch: the leader writes for others.
            TryRollback();
            foreach (var job in batch) job.Done.SetException(new StateStoreException(error.Message, error));
            return;
        }

        for (var i = 0; i < batch.Count; i++) batch[i].Done.SetResult(outcomes[i]);
    }

    StateOutcome Apply(Job job)
    {
        if (job.IsCleanup) _writer.DeleteExpired(_time.GetUtcNow());
        if (job.Writes.Count == 1) return Apply(job.Writes[0]);
        _writer.Run("SAVEPOINT job");
        foreach (var write in job.Writes)
        {
            if (Apply(write) is not { IsDone: false } refused) continue;
            _writer.Run("ROLLBACK TO job");
            _writer.Run("RELEASE job");
            return refused;
        }

        _writer.Run("RELEASE job");
        return StateOutcome.Done;
    }

    StateOutcome Apply(PlannedWrite write) =>
        _writer.Write(write.Operation, _time.GetUtcNow(), _newId().ToString(), write.TtlSeconds)
            ? StateOutcome.Done
            : StateOutcome.Mismatch;

    void TryRollback()
    {
        try
        {
            _writer.Run("ROLLBACK");
        }
        catch (SqliteException)
        {
            // After some errors SQLite has rolled back by itself, and there is no transaction to end.
        }
    }

    public void Dispose()
    {
        _cleanup?.Dispose();
        lock (_writing) _writer.Dispose();
        foreach (var reader in _readers) reader.Dispose();
    }

    sealed record Job(IReadOnlyList<PlannedWrite> Writes, bool IsCleanup = false)
    {
        public TaskCompletionSource<StateOutcome> Done { get; } = new(
            TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <param name="TtlSeconds">0 or less: never expires.</param>
readonly record struct PlannedWrite(StateOperation Operation, int TtlSeconds);
