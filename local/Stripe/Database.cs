using Microsoft.Data.Sqlite;
using Ticketing.Sqlite;

namespace Ticketing.StripeServer;

/// <summary>
/// One SQLite file with one writer. A write that throws is rolled back alone; one that returned survives
/// <c>kill -9</c>.
/// </summary>
sealed class Database : IDisposable
{
    readonly string connectionString;
    readonly Func<SqliteConnection, StripeStore> open;
    readonly SqliteConnection connection;
    readonly StripeStore store;
    readonly GroupCommit writer;
    TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Database(string directory, Func<SqliteConnection, StripeStore> open)
    {
        Directory.CreateDirectory(directory);
        var file = Path.Combine(directory, "stripe.db");
        connectionString = new SqliteConnectionStringBuilder { DataSource = file }.ToString();
        this.open = open;
        connection = Connect();
        Schema.Create(connection);
        store = open(connection);
        writer = new GroupCommit(connection);
    }

    /// <summary>Completes at the next write: take it before reading what there is to do.</summary>
    public Task Changed => Volatile.Read(ref changed).Task;

    public T Read<T>(Func<StripeStore, T> work)
    {
        using var reading = Connect();
        return work(open(reading));
    }

    /// <param name="ct">Only checked before the write is queued: a queued write is done, and the caller must learn
    /// its result.</param>
    public Task<T> Write<T>(Func<StripeStore, T> work, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var write = new QueuedWrite<T>(this, work);
        writer.Add(write);
        return write.Done;
    }

    public void Dispose()
    {
        writer.Dispose();
        connection.Dispose();
        SqliteConnection.ClearAllPools();
    }

    SqliteConnection Connect()
    {
        var opened = new SqliteConnection(connectionString);
        opened.Open();
        Schema.Prepare(opened);
        return opened;
    }

    void Announce() =>
        Interlocked.Exchange(ref changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    sealed class QueuedWrite<T>(Database database, Func<StripeStore, T> work) : GroupedWrite
    {
        readonly TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        T? result;

        public Task<T> Done => done.Task;

        public override bool Write()
        {
            try
            {
                result = work(database.store);
                return true;
            }
#pragma warning disable CA1031 // Not swallowed: thrown to the caller of Write.
            catch (Exception bug)
#pragma warning restore CA1031
            {
                done.TrySetException(bug);
                return false;
            }
        }

        public override void Committed()
        {
            done.TrySetResult(result!);
            database.Announce();
        }

        public override void Failed(Exception error) => done.TrySetException(error);
    }
}
