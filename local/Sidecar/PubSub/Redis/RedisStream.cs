using StackExchange.Redis;

namespace Ticketing.Sidecar.PubSub.Redis;

/// <summary>One subscribed stream.</summary>
sealed class RedisStream(BrokerSubscription subscription)
{
    public BrokerSubscription Subscription => subscription;
    public string Topic => subscription.Topic;
    public InFlight InFlight { get; } = new();
    public CancellationTokenSource Stopping { get; } = new();
}

/// <summary>An entry of a stream, for a worker.</summary>
sealed record RedisMessage(RedisStream Stream, RedisValue Id, byte[] Data, string Metadata)
{
    /// <param name="fields">Names and values, alternating.</param>
    public static RedisMessage Of(
        RedisStream stream, RedisValue id, ReadOnlySpan<(RedisValue Name, RedisValue Value)> fields)
    {
        var (data, metadata) = (Array.Empty<byte>(), "");
        foreach (var (name, value) in fields)
        {
            if (name == "data") data = (byte[]?)value ?? [];
            else if (name == "metadata") metadata = (string?)value ?? "";
        }

        return new(stream, id, data, metadata);
    }

    public BrokerMessage ToBrokerMessage() => new(Stream.Topic, Data, ReadMetadata());

    Dictionary<string, string> ReadMetadata()
    {
        try
        {
            if (Metadata.Length == 0) return [];
            return JsonSerializer.Deserialize(Metadata, SidecarJson.Default.DictionaryStringString) ?? [];
        }
        catch (JsonException)
        {
            // Not written by Dapr; delivered anyway, as daprd does.
            return [];
        }
    }
}
