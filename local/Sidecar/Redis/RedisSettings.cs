using StackExchange.Redis;

namespace Ticketing.Sidecar.Redis;

/// <summary>The metadata that every Redis component shares. A duration without a unit is milliseconds.</summary>
static class RedisSettings
{
    public const string HostField = "redisHost";

    const int DefaultPort = 6379;

    /// <summary>
    /// Less than the time in which a component must start: an unreachable server is then reported with its address.
    /// </summary>
    public static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(4);

    static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    public static readonly MetadataSchema Schema = new(
        ["redisUsername", "redisPassword", "redisDB", "redisMaxRetries", "dialTimeout", "readTimeout", "enableTLS"],
        HostField);

    public static string Host(ComponentProperties properties) => properties.Text(HostField, "localhost");

    /// <summary>Exceptions of the server, the network and the client. A server that does not answer in time is a
    /// TimeoutException, and no RedisException.</summary>
    public static bool IsFault(Exception error) =>
        error is RedisException or TimeoutException or ObjectDisposedException;

    /// <exception cref="FormatException">A value is not of its kind.</exception>
    public static ConfigurationOptions Read(ComponentProperties properties, string clientName)
    {
        var options = new ConfigurationOptions
        {
            ClientName = clientName,
            User = properties.Find("redisUsername"),
            Password = properties.Find("redisPassword"),
            DefaultDatabase = properties.Number("redisDB", 0),
            ConnectRetry = Math.Max(1, properties.Number("redisMaxRetries", 3)),
            ConnectTimeout = Milliseconds(properties, "dialTimeout", 5000),
            AsyncTimeout = Milliseconds(properties, "readTimeout", 3000),
            SyncTimeout = Milliseconds(properties, "readTimeout", 3000),
            AbortOnConnectFail = true,
            Ssl = properties.Flag("enableTLS"),
        };
        foreach (var host in Host(properties).Split(',', StringSplitOptions.TrimEntries))
            options.EndPoints.Add(host.Contains(':', StringComparison.Ordinal) ? host : $"{host}:{DefaultPort}");
        return options;
    }

    static int Milliseconds(ComponentProperties properties, string name, int otherwise) =>
        (int)properties.Duration(name, Millisecond * otherwise, Millisecond).TotalMilliseconds;
}
