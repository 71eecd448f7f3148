using Npgsql;

namespace Ticketing.Sidecar.State.Postgres;

/// <summary>Creates the tables as daprd does, with the same row lock and the same levels.</summary>
static class PostgresMigrations
{
    const int AttemptsMax = 3;

    public static async Task RunAsync(NpgsqlDataSource database, PostgresTable table, CancellationToken ct)
    {
        await EnsureMetadataAsync(database, table.MetadataName, ct);
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await ScalarAsync(connection, $"SELECT value FROM {table.MetadataName} WHERE key = 'lock' FOR UPDATE", ct);
        var reached = await ScalarAsync(connection,
            $"SELECT value FROM {table.MetadataName} WHERE key = '{table.MigrationsKey}'", ct);
        var level = reached is string text ? int.Parse(text, CultureInfo.InvariantCulture) : 0;
        foreach (var statement in table.Migrations.Skip(level))
        {
            level++;
            await ScalarAsync(connection, statement, ct);
            await ScalarAsync(connection,
                $"INSERT INTO {table.MetadataName} (key, value) VALUES ('{table.MigrationsKey}', '{level}') ON CONFLICT (key) DO UPDATE SET value = '{level}'", ct);
        }

        await transaction.CommitAsync(ct);
    }

    // "If not exists" fails when another sidecar creates the same table at the same moment.
    static async Task EnsureMetadataAsync(NpgsqlDataSource database, string name, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var command = database.CreateCommand(
                    $"CREATE TABLE IF NOT EXISTS {name} (key text NOT NULL PRIMARY KEY, value text NOT NULL)");
                await command.ExecuteNonQueryAsync(ct);
                await using var lockRow = database
                    .CreateCommand($"INSERT INTO {name} (key, value) VALUES ('lock', 'lock') ON CONFLICT (key) DO NOTHING");
                await lockRow.ExecuteNonQueryAsync(ct);
                return;
            }
            catch (PostgresException error) when (
                error.SqlState == PostgresErrorCodes.UniqueViolation && attempt < AttemptsMax)
            {
                // The other sidecar has created it.
            }
        }
    }

    static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(ct);
    }
}
