using Microsoft.Data.Sqlite;

namespace Ticketing.StripeServer;

static class Schema
{
    public static void Create(SqliteConnection connection) => Run(connection, """
        PRAGMA journal_mode = WAL;
        CREATE TABLE IF NOT EXISTS objects (
            id TEXT PRIMARY KEY, kind TEXT NOT NULL, intent TEXT, api_version TEXT NOT NULL,
            created INTEGER NOT NULL, json TEXT NOT NULL) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS objects_by_kind ON objects (kind, created DESC, id);
        CREATE INDEX IF NOT EXISTS objects_by_intent ON objects (intent, kind, created DESC) WHERE intent IS NOT NULL;
        CREATE TABLE IF NOT EXISTS metadata (
            id TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (id, key)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS metadata_by_value ON metadata (key, value);
        CREATE TABLE IF NOT EXISTS keys (
            key TEXT PRIMARY KEY, path TEXT NOT NULL, fingerprint TEXT NOT NULL, request TEXT NOT NULL,
            status INTEGER NOT NULL, body TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS keys_by_age ON keys (at);
        CREATE TABLE IF NOT EXISTS postings (
            entry INTEGER NOT NULL, kind TEXT NOT NULL, account TEXT NOT NULL, amount INTEGER NOT NULL,
            currency TEXT NOT NULL, intent TEXT NOT NULL, reference TEXT NOT NULL, at INTEGER NOT NULL,
            PRIMARY KEY (entry, account)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS postings_by_intent ON postings (intent);
        CREATE TABLE IF NOT EXISTS deliveries (
            id INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL, due INTEGER, attempt INTEGER NOT NULL);
        CREATE INDEX IF NOT EXISTS deliveries_by_due ON deliveries (due);
        CREATE TABLE IF NOT EXISTS slow (intent TEXT PRIMARY KEY, due INTEGER NOT NULL) WITHOUT ROWID;
        """);

    // FULL: every commit is fsynced in WAL mode, so a change is on disk before its reply is sent.
    public static void Prepare(SqliteConnection connection) =>
        Run(connection, "PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;");

    static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
