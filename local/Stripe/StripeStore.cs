using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Data.Sqlite;

namespace Ticketing.StripeServer;

/// <summary>Makes a unique id with this prefix (<c>pi</c>, <c>ch</c>, …).</summary>
delegate string NewId(string prefix);

/// <summary>The tables of the database: objects, ledger, events, deliveries, and replies by idempotency key.</summary>
sealed class StripeStore(SqliteConnection db, TimeProvider clock, NewId newId, Faults faults, bool sendsWebhooks)
{
    static readonly TimeSpan KeysKept = TimeSpan.FromHours(24);
    const int ListMax = 100, PruneMax = 100;

    public Ledger Ledger { get; } = new(db, clock);
    public long Now => clock.GetUtcNow().ToUnixTimeSeconds();
    public string NewId(string prefix) => newId(prefix);

    public PaymentIntent? Intent(string id) => Find(id, "payment_intent", StripeJson.Default.PaymentIntent);
    public Charge? Charge(string id) => Find(id, "charge", StripeJson.Default.Charge);
    public Refund? Refund(string id) => Find(id, "refund", StripeJson.Default.Refund);
    public PaymentMethod? Method(string id) => Find(id, "payment_method", StripeJson.Default.PaymentMethod);
    public Event? Event(string id) => Find(id, "event", StripeJson.Default.Event);

    public JsonNode? Json(string id) =>
        db.Query(row => JsonNode.Parse(row.GetString(0)), "SELECT json FROM objects WHERE id = $1", id)
            .FirstOrDefault();

    /// <summary>The API version of the call that created the object; its events have that version.</summary>
    public string VersionOf(string id) =>
        db.Query(row => row.GetString(0), "SELECT api_version FROM objects WHERE id = $1", id).Single();

    public JsonNode Save(PaymentIntent intent, string apiVersion)
    {
        db.Execute("DELETE FROM metadata WHERE id = $1", intent.Id);
        foreach (var (key, value) in intent.Metadata)
            db.Execute("INSERT INTO metadata VALUES ($1, $2, $3)", intent.Id, key, value);
        return Save(intent.Id, null, apiVersion, intent.Created, intent, StripeJson.Default.PaymentIntent);
    }

    public JsonNode Save(Charge charge, string apiVersion) =>
        Save(charge.Id, charge.PaymentIntent, apiVersion, charge.Created, charge, StripeJson.Default.Charge);

    public JsonNode Save(Refund refund, string apiVersion) =>
        Save(refund.Id, refund.PaymentIntent, apiVersion, refund.Created, refund, StripeJson.Default.Refund);

    public JsonNode Save(PaymentMethod method, string apiVersion) =>
        Save(method.Id, null, apiVersion, method.Created, method, StripeJson.Default.PaymentMethod);

    /// <summary>Newest first. Returns one more than <paramref name="limit"/> if there are more.</summary>
    public List<JsonNode> List(string kind, string? intent, long limit) =>
        db.Query(Node, """
            SELECT json FROM objects WHERE kind = $1 AND ($2 IS NULL OR intent = $2) ORDER BY created DESC, id LIMIT $3
            """, kind, intent, Math.Min(limit, ListMax) + 1);

    public List<JsonNode> WithMetadata(string key, string value, long limit) =>
        db.Query(Node, """
            SELECT o.json FROM metadata m JOIN objects o ON o.id = m.id
            WHERE m.key = $1 AND m.value = $2 ORDER BY o.created DESC, o.id LIMIT $3
            """, key, value, Math.Min(limit, ListMax) + 1);

    /// <summary>Saves the event and queues its delivery, unless a fault drops it.</summary>
    public void Emit(string type, JsonNode about, string apiVersion, EventRequest? request = null)
    {
        var made = new Event(
            NewId("evt"), apiVersion, Now, new EventData(about.DeepClone()), type, sendsWebhooks ? 1 : 0, request);
        Save(made.Id, null, apiVersion, made.Created, made, StripeJson.Default.Event);
        if (sendsWebhooks) Deliver(made.Id, faults.Take("webhook:" + type));
    }

    public void Deliver(string eventId, FaultRule? fault = null)
    {
        long? due = clock.GetUtcNow().ToUnixTimeMilliseconds() + (fault?.Milliseconds ?? 0);
        var copies = fault?.Do switch { FaultKind.Drop => 0, FaultKind.Duplicate => 2, _ => 1 };
        if (fault?.Do is FaultKind.Hold) due = null;
        for (var i = 0; i < copies; i++)
            db.Execute("INSERT INTO deliveries (event, due, attempt) VALUES ($1, $2, 0)", eventId, due);
    }

    public bool Resend(string eventId)
    {
        if (Event(eventId) is null || !sendsWebhooks) return false;
        Deliver(eventId);
        return true;
    }

    public StoredReply? FindReply(string key) =>
        db.Query(row => new StoredReply(
            row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt32(3), row.GetString(4)),
            "SELECT path, fingerprint, request, status, body FROM keys WHERE key = $1 AND at > $2",
            key, (clock.GetUtcNow() - KeysKept).ToUnixTimeMilliseconds()).FirstOrDefault();

    public void SaveReply(string key, StoredReply reply)
    {
        var now = clock.GetUtcNow();
        db.Execute("INSERT OR REPLACE INTO keys VALUES ($1, $2, $3, $4, $5, $6, $7)", key,
            reply.Path, reply.Fingerprint, reply.Request, reply.Status, reply.Body, now.ToUnixTimeMilliseconds());
        db.Execute("DELETE FROM keys WHERE key IN (SELECT key FROM keys WHERE at <= $1 LIMIT $2)",
            (now - KeysKept).ToUnixTimeMilliseconds(), PruneMax);
    }

    public void Delay(string intent, TimeSpan by) =>
        db.Execute("INSERT OR REPLACE INTO slow VALUES ($1, $2)", intent,
            (clock.GetUtcNow() + by).ToUnixTimeMilliseconds());

    public List<string> TakeDelayed()
    {
        var due = db.Query(row => row.GetString(0), "SELECT intent FROM slow WHERE due <= $1 LIMIT $2",
            clock.GetUtcNow().ToUnixTimeMilliseconds(), ListMax);
        foreach (var intent in due) db.Execute("DELETE FROM slow WHERE intent = $1", intent);
        return due;
    }

    /// <summary>When the next slow payment is due; null if there is none.</summary>
    public DateTimeOffset? NextDelayed() => Earliest("SELECT min(due) FROM slow");

    /// <summary>When the next webhook is due; null if there is none.</summary>
    public DateTimeOffset? NextDelivery() => Earliest("SELECT min(due) FROM deliveries");

    DateTimeOffset? Earliest(string sql) =>
        db.Query(row => row.IsDBNull(0) ? (long?)null : row.GetInt64(0), sql) is [{ } due]
            ? DateTimeOffset.FromUnixTimeMilliseconds(due) : null;

    public List<Delivery> DueDeliveries(int max) =>
        db.Query(row => new Delivery(row.GetInt64(0), row.GetString(1), row.GetInt32(2), row.GetString(3)), """
            SELECT d.id, d.event, d.attempt, o.json FROM deliveries d JOIN objects o ON o.id = d.event
            WHERE d.due <= $1 ORDER BY d.due, d.id LIMIT $2
            """, clock.GetUtcNow().ToUnixTimeMilliseconds(), max);

    /// <param name="again">The wait before the next try; null: no more tries.</param>
    public bool Delivered(long delivery, int attempt, TimeSpan? again) => (again is { } wait
        ? db.Execute("UPDATE deliveries SET attempt = $2, due = $3 WHERE id = $1",
            delivery, attempt, (clock.GetUtcNow() + wait).ToUnixTimeMilliseconds())
        : db.Execute("DELETE FROM deliveries WHERE id = $1", delivery)) > 0;

    /// <summary>Queues the deliveries that a fault held back, the newest first.</summary>
    public int ReleaseHeld() => db.Execute("UPDATE deliveries SET due = -id WHERE due IS NULL");

    static JsonNode Node(SqliteDataReader row) => JsonNode.Parse(row.GetString(0))!;

    T? Find<T>(string id, string kind, JsonTypeInfo<T> type) where T : class =>
        db.Query(row => JsonSerializer.Deserialize(row.GetString(0), type),
            "SELECT json FROM objects WHERE id = $1 AND kind = $2", id, kind).FirstOrDefault();

    JsonNode Save<T>(string id, string? intent, string apiVersion, long created, T item, JsonTypeInfo<T> type)
    {
        var node = JsonSerializer.SerializeToNode(item, type)!;
        db.Execute("""
            INSERT INTO objects VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO UPDATE SET json = excluded.json
            """, id, (string)node["object"]!, intent, apiVersion, created, node.ToJsonString());
        return node;
    }
}

sealed record StoredReply(string Path, string Fingerprint, string Request, int Status, string Body);
