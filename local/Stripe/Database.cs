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
        var write = new QueuedWrite<T>(store, work);
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

    sealed class QueuedWrite<T>(StripeStore store, Func<StripeStore, T> work) : GroupedWrite
    {
        readonly TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        T? result;

        public Task<T> Done => done.Task;

        public override bool Write()
        {
            try
            {
                result = work(store);
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

        public override void Committed() => done.TrySetResult(result!);

        public override void Failed(Exception error) => done.TrySetException(error);
    }
}
