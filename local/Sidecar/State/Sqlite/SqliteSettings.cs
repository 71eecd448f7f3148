using System.Buffers;
using Microsoft.Data.Sqlite;

namespace Ticketing.Sidecar.State.Sqlite;

/// <summary>The metadata of a <c>state.sqlite</c> component.</summary>
/// <param name="CleanupInterval">Zero: expired rows stay until they are overwritten.</param>
sealed record SqliteSettings(
    string ConnectionString, bool IsInMemory, bool IsWal, TimeSpan BusyTimeout, string Table, string MetadataTable,
        TimeSpan CleanupInterval)
{
    public static readonly MetadataSchema Schema = StateMetadata.Schema.And(
        "url", "timeout", "timeoutInSeconds", "busyTimeout", "disableWAL", "tableName", "metadataTableName",
        "cleanupInterval", "cleanupIntervalInSeconds").Needs("connectionString|url");

    static readonly SearchValues<char> NameChars =
        SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_");

    /// <exception cref="MetadataException">A value is missing or cannot be used; the text is daprd's.</exception>
    public static SqliteSettings Read(ComponentContext context)
    {
        var (properties, second) = (context.Properties, TimeSpan.FromSeconds(1));
        var source = properties.Find("connectionString", "url") ?? "";
        if (source.Length == 0) throw new MetadataException("connectionString", "missing connection string");
        if (properties.Duration(properties.Find("timeout") is null ? "timeoutInSeconds" : "timeout", second * 20,
            second) < second)
            throw new MetadataException("timeout", "invalid value for 'timeout': must be greater than 1s");
        var isInMemory = source.StartsWith(":memory:", StringComparison.OrdinalIgnoreCase)
            || source.StartsWith("file::memory:", StringComparison.OrdinalIgnoreCase);
        return new SqliteSettings(
            isInMemory ? InMemory(context) : InFile(source, context), isInMemory, !properties.Flag("disableWAL"),
            properties.Duration("busyTimeout", second * 2, second),
            Identifier(properties, "tableName", "state"), Identifier(properties, "metadataTableName", "metadata"),
            properties.Duration(properties.Find(
                "cleanupInterval") is null ? "cleanupIntervalInSeconds" : "cleanupInterval", TimeSpan.Zero, second));
    }

    static string InMemory(ComponentContext context) => new SqliteConnectionStringBuilder
    {
        DataSource = $"{context.Component.Name}-{context.Host.NewId()}", Mode = SqliteOpenMode.Memory,
        Cache = SqliteCacheMode.Shared, Pooling = false,
    }.ToString();

    // What stands behind the question mark tunes daprd's driver; here the file alone counts.
    static string InFile(string source, ComponentContext context)
    {
        var path = source.StartsWith("file:", StringComparison.OrdinalIgnoreCase) ? source["file:".Length..] : source;
        path = Path.GetFullPath(Path.Combine(context.Options.WorkingDirectory, path.Split('?')[0]));
        if (Path.GetDirectoryName(path) is { } directory) Directory.CreateDirectory(directory);
        return new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 1 }.ToString();
    }

    static string Identifier(ComponentProperties properties, string field, string otherwise) =>
        properties.Text(field, otherwise) is var name && name.AsSpan().IndexOfAnyExcept(NameChars) < 0
            ? name : throw new MetadataException(field, $"invalid identifier: {name}");
}
