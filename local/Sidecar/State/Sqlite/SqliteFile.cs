using System.Collections.Concurrent;
using Ticketing.Sqlite;

namespace Ticketing.Sidecar.State.Sqlite;

/// <summary>One state table in one file, for every sidecar of the process that uses it: many readers, one
/// writer.</summary>
sealed class SqliteFile : IDisposable
{
    readonly SqliteSettings _settings;
    readonly TimeProvider _time;
    readonly Func<Guid> _newId;
    readonly SqliteTable _writer;
    readonly GroupCommit _commits;
    readonly ConcurrentBag<SqliteTable> _readers = [];
    readonly ITimer? _cleanup;

    public SqliteFile(SqliteSettings settings, TimeProvider time, Func<Guid> newId)
    {
        (_settings, _time, _newId) = (settings, time, newId);
        _writer = new SqliteTable(settings);
        _writer.Create();
        _commits = new GroupCommit(_writer.Connection);
        if (settings.CleanupInterval > TimeSpan.Zero)
            _cleanup = time.CreateTimer(_ => _commits.Add(new Cleanup(this)), null, settings.CleanupInterval,
                settings.CleanupInterval);
    }

    /// <summary>Completes when the write is on the disk, or refused.</summary>
    /// <exception cref="StateStoreException">The file cannot be written to.</exception>
    public Task<StateOutcome> WriteAsync(IReadOnlyList<PlannedWrite> writes)
    {
        var write = new StateWrite(this, writes);
        _commits.Add(write);
        return write.Done.Task;
    }

    public T Read<T>(Func<SqliteTable, DateTimeOffset, T> read)
    {
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

    public void Dispose()
    {
        _cleanup?.Dispose();
        _commits.Dispose();
        _writer.Dispose();
        foreach (var reader in _readers) reader.Dispose();
    }

    sealed class StateWrite(SqliteFile file, IReadOnlyList<PlannedWrite> writes) : GroupedWrite
    {
        StateOutcome _outcome = StateOutcome.Done;

        public TaskCompletionSource<StateOutcome> Done { get; } = new(
            TaskCreationOptions.RunContinuationsAsynchronously);

        public override bool Write()
        {
            foreach (var (operation, ttlSeconds) in writes)
            {
                if (file._writer.Write(operation, file._time.GetUtcNow(), file._newId().ToString(), ttlSeconds)) continue;
                _outcome = StateOutcome.Mismatch;
                return false;
            }

            return true;
        }

        public override void Committed() => Done.SetResult(_outcome);

        public override void Failed(Exception error) =>
            Done.TrySetException(new StateStoreException(error.Message, error));
    }

    sealed class Cleanup(SqliteFile file) : GroupedWrite
    {
        public override bool IsDurable => false;

        public override bool Write()
        {
            file._writer.DeleteExpired(file._time.GetUtcNow());
            return true;
        }

        public override void Committed()
        {
            // No caller waits for it.
        }

        public override void Failed(Exception error)
        {
            // The next round tries again; expired rows count as absent anyway.
        }
    }
}

/// <param name="TtlSeconds">0 or less: never expires.</param>
readonly record struct PlannedWrite(StateOperation Operation, int TtlSeconds);
