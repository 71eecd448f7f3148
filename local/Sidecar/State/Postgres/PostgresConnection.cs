using System.Net.Sockets;
using Npgsql;

namespace Ticketing.Sidecar.State.Postgres;

/// <summary>The connection string of PostgreSQL components, as libpq writes it: <c>host=… port=… user=…</c>.</summary>
static class PostgresConnection
{
    /// <summary>libpq's names that differ in Npgsql.</summary>
    static readonly Dictionary<string, string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["hostaddr"] = "Host", ["dbname"] = "Database", ["user"] = "Username", ["connect_timeout"] = "Timeout",
        ["application_name"] = "Application Name", ["pool_max_conns"] = "Maximum Pool Size", ["sslmode"] = "SSL Mode",
        ["sslrootcert"] = "Root Certificate",
    };

    /// <summary>As daprd's: four connections, or one per processor if there are more.</summary>
    static readonly int PoolDefault = Math.Max(4, Environment.ProcessorCount);

    /// <exception cref="MetadataException">The connection string is missing, or has an unknown key.</exception>
    public static NpgsqlDataSource Open(ComponentProperties properties, string applicationName)
    {
        var builder = new NpgsqlConnectionStringBuilder
        {
            ApplicationName = applicationName,
            CommandTimeout = 20,
            MaxPoolSize = PoolDefault,
            // The statements are few: prepare them once per connection.
            MaxAutoPrepare = 32,
            AutoPrepareMinUsages = 2,
        };
        try
        {
            foreach (var part in properties.Text("connectionString", "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
                if (part.Split('=', 2) is [var name, var value])
                    builder[Names.GetValueOrDefault(name, name)] = name == "sslmode"
                        ? value.Replace("-", "", StringComparison.Ordinal) : value.Trim('\'');
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            throw new MetadataException("connectionString", error.Message, error);
        }

        if (properties.Number("maxConns", 0) is > 0 and var most) builder.MaxPoolSize = most;
        return NpgsqlDataSource.Create(builder);
    }

    /// <summary>Exceptions of the server, the network and the client; a server that does not answer in time is among
    /// them.</summary>
    public static bool IsFault(Exception error) =>
        error is NpgsqlException or TimeoutException or IOException or SocketException or ObjectDisposedException;

    /// <summary>The error as daprd shows it.</summary>
    public static StateStoreException Failure(Exception error) => error is PostgresException server
        ? new StateStoreException($"{server.Severity}: {server.MessageText} (SQLSTATE {server.SqlState})", error)
        : new StateStoreException(error.InnerException is { } inner ? $"{error.Message}: {inner.Message}" : error.Message, error);
}
