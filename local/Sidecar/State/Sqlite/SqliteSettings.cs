using System.Buffers;
using Microsoft.Data.Sqlite;

namespace Ticketing.Sidecar.State.Sqlite;

/// <summary>The metadata of a <c>state.sqlite</c> component.</summary>
/// <param name="CleanupInterval">Zero: expired rows stay until they are overwritten.</param>
sealed record SqliteSettings(string ConnectionString, string Table, TimeSpan CleanupInterval)
{
    public const string MetadataTable = "metadata";

    public static readonly MetadataSchema Schema =
        StateMetadata.Schema.And("tableName", "cleanupInterval").Needs("connectionString");

    static readonly SearchValues<char> NameChars =
        SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_");

    /// <exception cref="MetadataException">A value is missing or cannot be used.</exception>
    public static SqliteSettings Read(ComponentContext context)
    {
        var source = context.Properties.Text("connectionString", "");
        if (source.Length == 0) throw new MetadataException("connectionString", "missing connection string");
        return new SqliteSettings(
            InFile(source, context), Identifier(context.Properties.Text("tableName", "state")),
            context.Properties.Duration("cleanupInterval", TimeSpan.Zero, TimeSpan.FromSeconds(1)));
    }

    // The query part configures daprd's driver; here only the file name is used.
    static string InFile(string source, ComponentContext context)
    {
        var path = source.StartsWith("file:", StringComparison.OrdinalIgnoreCase) ? source["file:".Length..] : source;
        path = Path.GetFullPath(Path.Combine(context.Options.WorkingDirectory, path.Split('?')[0]));
        if (Path.GetDirectoryName(path) is { } directory) Directory.CreateDirectory(directory);
        return new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 1 }.ToString();
    }

    static string Identifier(string name) => name.AsSpan().IndexOfAnyExcept(NameChars) < 0
        ? name : throw new MetadataException("tableName", $"invalid identifier: {name}");
}
