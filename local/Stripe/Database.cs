using Microsoft.Data.Sqlite;
using Ticketing.Sqlite;

namespace Ticketing.StripeServer;

/// <summary>
/// One SQLite file with one writer. A write that throws takes no other with it; one that returned survives
/// <c>kill -9</c>.
/// </summary>
sealed class Database : IDisposable
{
    readonly string connectionString;
    readonly Func<SqliteConnection, Books> open;
    readonly SqliteConnection connection;
    readonly Books books;
    readonly GroupCommit writer;

    public Database(string directory, Func<SqliteConnection, Books> open)
    {
        Directory.CreateDirectory(directory);
        var file = Path.Combine(directory, "stripe.db");
        connectionString = new SqliteConnectionStringBuilder { DataSource = file }.ToString();
        this.open = open;
        connection = Connect();
        Schema.Create(connection);
        books = open(connection);
        writer = new GroupCommit(connection);
    }

    public T Read<T>(Func<Books, T> work)
    {
        using var reading = Connect();
        return work(open(reading));
    }

    /// <param name="ct">Counts before the write begins to wait: then it will be written, and the caller must learn
    /// it.</param>
    public Task<T> Write<T>(Func<Books, T> work, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var write = new Work<T>(books, work);
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

    sealed class Work<T>(Books books, Func<Books, T> work) : GroupedWrite
    {
        readonly TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        T? result;

        public Task<T> Done => done.Task;

        public override bool Write()
        {
            try
            {
                result = work(books);
                return true;
            }
#pragma warning disable CA1031 // Not swallowed: it is thrown where the write was asked for.
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
