using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;

namespace Ticketing.Aggregates;

/// <summary>The document under this key cannot be parsed: what needs it fails until it is repaired.</summary>
public sealed class DamagedDocumentException(string key, Exception? inner = null)
    : JsonException($"The document {key} cannot be parsed.", inner);

/// <summary>
/// Logs and counts each document that cannot be parsed, once in this process: some are read every two seconds.
/// </summary>
public sealed class DamagedDocuments(ILogger<DamagedDocuments> log)
{
    const int RememberedMax = 1_000;
    static readonly Counter<long> found = new Meter("Ticketing").CreateCounter<long>("ticketing_damaged_documents_total",
        description: "Stored documents that cannot be parsed, by kind; each once in a process.");

    readonly BoundedCache<string, bool> known = new(RememberedMax);

    /// <summary>The document; null if it cannot be parsed or lists nothing, which is reported.</summary>
    internal TDocument? TryParse<TDocument, TItem>(string key, Stored stored,
        JsonTypeInfo<TDocument> json, Func<TDocument, IReadOnlyList<TItem>?> items) where TDocument : class
    {
        try
        {
            return JsonSerializer.Deserialize(stored.Value.Span, json) is { } document && items(document) is not null
                ? document : throw new JsonException("The document lists nothing.");
        }
        catch (JsonException e)
        {
            Report(key, e);
            return null;
        }
    }

    public void Report(string key, Exception fault)
    {
        if (known.Contains(key))
            return;
        known.Set(key, true);
        found.Add(1, new KeyValuePair<string, object?>("kind", key.Split(':')[0]));
        log.Damaged(fault, key);
    }
}
