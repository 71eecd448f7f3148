using Npgsql;

namespace Ticketing.Sidecar.State.Postgres;

/// <summary>
/// The connection metadata of PostgreSQL components: a DSN or a URL, and single fields that win over it.
/// </summary>
static class PostgresConnection
{
    public static readonly string[] Fields =
    [
        "connectionString", "url", "host", "hostaddr", "port", "database", "user", "password", "sslRootCert",
        "timeout", "timeoutInSeconds", "maxConns", "connectionMaxIdleTime", "queryExecMode",
    ];

    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <exception cref="MetadataException">There is no connection string, or something in it is not known.</exception>
    public static NpgsqlDataSource Open(ComponentProperties properties, string applicationName)
    {
        var parts = Parts(properties.Find("connectionString", "url") ?? "");
        foreach (var field in new[] { "host", "hostaddr", "port", "database", "user", "password", "sslRootCert" })
            if (properties.Find(field) is { Length: > 0 } value) parts[Fold(field)] = value;
        if (parts.Count == 0) throw new MetadataException("connectionString", "failed to build connection string");

        var timeout = properties.Duration(properties.Find("timeout") is null ? "timeoutInSeconds" : "timeout",
            Second * 20, Second);
        if (timeout < Second) throw new MetadataException("timeout", "invalid value for 'timeout': must be greater than 1s");
        var builder = new NpgsqlConnectionStringBuilder
        {
            ApplicationName = applicationName,
            CommandTimeout = (int)timeout.TotalSeconds,
            // The same few statements over and over: let the server parse them once a connection.
            MaxAutoPrepare = 32,
            AutoPrepareMinUsages = 2,
        };
        if (properties.Number("maxConns", 0) is var most and > 0) builder.MaxPoolSize = most;
        if (properties.Duration("connectionMaxIdleTime", TimeSpan.Zero, Second) is var idle && idle > TimeSpan.Zero)
            builder.ConnectionIdleLifetime = (int)idle.TotalSeconds;
        foreach (var (name, value) in parts) Set(builder, name, value);
        return NpgsqlDataSource.Create(builder);
    }

    static Dictionary<string, string> Parts(string text)
    {
        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!text.StartsWith("postgres://", StringComparison.Ordinal)
            && !text.StartsWith("postgresql://", StringComparison.Ordinal))
        {
            foreach (var part in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                if (part.Split('=', 2) is [var name, var value]) parts[Fold(name)] = value.Trim('\'');
            return parts;
        }

        var url = new Uri(text);
        if (url.Host.Length > 0) parts["host"] = url.Host;
        if (url.Port > 0) parts["port"] = url.Port.ToString(CultureInfo.InvariantCulture);
        if (url.AbsolutePath.Length > 1) parts["database"] = Uri.UnescapeDataString(url.AbsolutePath[1..]);
        if (url.UserInfo.Split(':', 2) is [{ Length: > 0 } user, ..] login)
        {
            parts["user"] = Uri.UnescapeDataString(user);
            if (login.Length == 2) parts["password"] = Uri.UnescapeDataString(login[1]);
        }

        foreach (var pair in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
            if (pair.Split('=', 2) is [var name, var value]) parts[Fold(name)] = Uri.UnescapeDataString(value);
        return parts;
    }

    static string Fold(string name) => name.ToUpperInvariant() switch
    {
        "HOST" or "HOSTADDR" => "host",
        "DATABASE" or "DBNAME" => "database",
        "USER" or "USERNAME" => "user",
        var other => string.Create(other.Length, other, (span, text) => text.AsSpan().ToLowerInvariant(span)),
    };

    static void Set(NpgsqlConnectionStringBuilder builder, string name, string value)
    {
        switch (name)
        {
            case "host": builder.Host = value; break;
            case "port": builder.Port = int.Parse(value, CultureInfo.InvariantCulture); break;
            case "database": builder.Database = value; break;
            case "user": builder.Username = value; break;
            case "password": builder.Password = value; break;
            case "sslrootcert": builder.RootCertificate = value; break;
            case "connect_timeout": builder.Timeout = int.Parse(value, CultureInfo.InvariantCulture); break;
            case "application_name": builder.ApplicationName = value; break;
            case "search_path": builder.SearchPath = value; break;
            case "pool_max_conns": builder.MaxPoolSize = int.Parse(value, CultureInfo.InvariantCulture); break;
            case "sslmode":
                builder.SslMode = Enum.TryParse<SslMode>(value.Replace("-", "", StringComparison.Ordinal),
                    ignoreCase: true, out var mode)
                    ? mode : throw new MetadataException("connectionString", $"sslmode cannot be '{value}'");
                break;
            default: throw new MetadataException("connectionString", $"'{name}' is not known here");
        }
    }

    /// <summary>An error in the words of daprd's driver.</summary>
    public static StateStoreException Told(NpgsqlException error) => error is PostgresException server
        ? new StateStoreException($"{server.Severity}: {server.MessageText} (SQLSTATE {server.SqlState})", error)
        : new StateStoreException(error.InnerException is { } inner ? $"{error.Message}: {inner.Message}" : error.Message, error);
}
