using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Ticketing.Sqlite;

/// <summary>Writes one SQLite file from one thread. Writes that wait at the same time share one transaction and one
/// fsync. Each has its own savepoint, so that rolling back one leaves the others.</summary>
public sealed class GroupCommit : IDisposable
{
    const int BatchMax = 256, WaitingMax = 65_536;

    readonly SqliteConnection _connection;
    readonly Lock _gate;
    readonly BlockingCollection<GroupedWrite> _waiting = new(WaitingMax);
    readonly Dictionary<string, SqliteCommand> _prepared = [];
    readonly Thread _thread;

    /// <param name="connection">Other threads may use it only under the gate. The caller disposes of it, after
    /// this.</param>
    /// <param name="gate">Held while a batch is written.</param>
    public GroupCommit(SqliteConnection connection, Lock? gate = null)
    {
        (_connection, _gate) = (connection, gate ?? new Lock());
        _thread = new Thread(WriteAll) { IsBackground = true, Name = $"writes {connection.DataSource}" };
        _thread.Start();
    }

    /// <summary>Returns at once; <see cref="GroupedWrite.Committed"/> or <see cref="GroupedWrite.Failed"/> is called on
    /// the writing thread.</summary>
    public void Add(GroupedWrite write)
    {
        try
        {
            if (!_waiting.TryAdd(write)) write.Failed(new InvalidOperationException("too many writes are waiting"));
        }
        catch (InvalidOperationException)
        {
            write.Failed(new ObjectDisposedException(nameof(GroupCommit), "the file is closed"));
        }
    }

    void WriteAll()
    {
        var batch = new List<GroupedWrite>(BatchMax);
        foreach (var first in _waiting.GetConsumingEnumerable())
        {
            batch.Add(first);
            while (batch.Count < BatchMax && _waiting.TryTake(out var next)) batch.Add(next);
            Commit(batch);
            batch.Clear();
        }
    }

    void Commit(List<GroupedWrite> batch)
    {
        try
        {
            lock (_gate) Write(batch);
        }
#pragma warning disable CA1031 // Not swallowed: passed to every write of the batch.
        catch (Exception error)
#pragma warning restore CA1031
        {
            foreach (var write in batch) Tell(write, error);
            return;
        }

        foreach (var write in batch) Tell(write, null);
    }

    // An exception that left this thread would end the process.
    static void Tell(GroupedWrite write, Exception? error)
    {
        try
        {
            if (error is null) write.Committed();
            else write.Failed(error);
        }
#pragma warning disable CA1031 // Not swallowed, unless it comes from Failed itself: then nobody is left to be told.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            if (error is null) Tell(write, bug);
        }
    }

    void Write(List<GroupedWrite> batch)
    {
        // All within the try: a transaction that an earlier batch could not end is rolled back before the next one.
        try
        {
            Run(batch.Exists(write => write.IsDurable) ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
            Run("BEGIN IMMEDIATE");
            foreach (var write in batch)
            {
                Run("SAVEPOINT one");
                if (!write.Write()) Run("ROLLBACK TO one");
                Run("RELEASE one");
            }

            Run("COMMIT");
        }
        catch
        {
            TryRollback();
            throw;
        }
    }

    void TryRollback()
    {
        try
        {
            Run("ROLLBACK");
        }
        catch (SqliteException)
        {
            // After some errors SQLite has rolled back already, and there is no transaction to end.
        }
    }

    void Run(string sql)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            _prepared[sql] = command = _connection.CreateCommand();
            command.CommandText = sql;
        }

        command.ExecuteNonQuery();
    }

    /// <summary>Returns when all waiting writes are done.</summary>
    public void Dispose()
    {
        _waiting.CompleteAdding();
        _thread.Join();
        _waiting.Dispose();
        foreach (var command in _prepared.Values) command.Dispose();
    }
}

/// <summary>One of the writes that share a transaction; its methods are called on the writing thread.</summary>
public abstract class GroupedWrite
{
    /// <summary>False: not fsynced. A power cut may undo the write; a killed process does not.</summary>
    public virtual bool IsDurable => true;

    /// <returns>False rolls back this write and leaves the others.</returns>
    public abstract bool Write();

    /// <summary>The transaction is committed.</summary>
    public abstract void Committed();

    /// <summary>The transaction was rolled back, or <see cref="Committed"/> threw.</summary>
    public abstract void Failed(Exception error);
}
