using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Ticketing.StripeServer;

/// <summary>
/// One SQLite file with one writer. Writes that wait at the same time share one transaction and one fsync; each is a
/// savepoint, so that one that throws takes nothing with it. A write that returned survives <c>kill -9</c>.
/// </summary>
sealed class Database : IDisposable
{
    const int QueueMax = 4096, BatchMax = 64;

    readonly string connectionString;
    readonly Func<SqliteConnection, Books> open;
    readonly Channel<Work> queue = Channel.CreateBounded<Work>(QueueMax);
    readonly Task writer;

    public Database(string directory, Func<SqliteConnection, Books> open)
    {
        Directory.CreateDirectory(directory);
        var file = Path.Combine(directory, "stripe.db");
        connectionString = new SqliteConnectionStringBuilder { DataSource = file }.ToString();
        this.open = open;
        var connection = Connect();
        Schema.Create(connection);
        writer = Task.Factory.StartNew(() => WriteAll(connection), TaskCreationOptions.LongRunning);
    }

    public T Read<T>(Func<Books, T> work)
    {
        using var connection = Connect();
        return work(open(connection));
    }

    public async Task<T> Write<T>(Func<Books, T> work, CancellationToken ct)
    {
        var item = new Work<T>(work);
        await queue.Writer.WriteAsync(item, ct);
        return await item.Done;   // not cancelled: what is queued will be written, and the caller must learn it
    }

    public void Dispose()
    {
        queue.Writer.TryComplete();
        writer.Wait();
        SqliteConnection.ClearAllPools();
    }

    SqliteConnection Connect()
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        Schema.Prepare(connection);
        return connection;
    }

    void WriteAll(SqliteConnection connection)
    {
        var books = open(connection);
        var batch = new List<Work>(BatchMax);
        while (queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            batch.Clear();
            while (batch.Count < BatchMax && queue.Reader.TryRead(out var next)) batch.Add(next);
            WriteBatch(connection, books, batch);
        }

        connection.Dispose();
    }

    static void WriteBatch(SqliteConnection connection, Books books, List<Work> batch)
    {
        try
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            foreach (var work in batch)
            {
                transaction.Save("one");
                if (!work.Run(books)) transaction.Rollback("one");
                transaction.Release("one");
            }

            transaction.Commit();
        }
        catch (SqliteException broken)
        {
            // Nothing of the batch is on disk: whoever waits for it is told so.
            foreach (var work in batch) work.Fail(broken);
            return;
        }

        foreach (var work in batch) work.Complete();
    }

    abstract class Work
    {
        public abstract bool Run(Books books);
        public abstract void Complete();
        public abstract void Fail(Exception why);
    }

    sealed class Work<T>(Func<Books, T> work) : Work
    {
        readonly TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        T? result;

        public Task<T> Done => done.Task;

        public override bool Run(Books books)
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

        public override void Complete() => done.TrySetResult(result!);
        public override void Fail(Exception why) => done.TrySetException(why);
    }
}
