using System.Security.Cryptography.X509Certificates;
using StackExchange.Redis;

namespace Ticketing.Sidecar.Redis;

/// <summary>The metadata that every Redis component shares. A duration without a unit is milliseconds.</summary>
static class RedisSettings
{
    public const string HostField = "redisHost";

    const string DefaultHost = "localhost";
    const int DefaultPort = 6379;

    static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    public static readonly MetadataSchema Schema = new(
    [
        "redisPort", "redisUsername", "redisPassword", "redisDB", "redisType",
        "redisMaxRetries", "redisMinRetryInterval", "redisMaxRetryInterval", "dialTimeout", "readTimeout", "writeTimeout",
        "poolSize", "minIdleConns", "maxConnAge", "poolTimeout", "idleTimeout", "idleCheckFrequency",
        "failover", "sentinelMasterName", "sentinelUsername", "sentinelPassword", "enableTLS", "clientCert", "clientKey",
    ], HostField);

    /// <summary>What the host reads like in errors: as written.</summary>
    public static string Host(ComponentProperties properties) => properties.Text(HostField, "");

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
            ServiceName = properties.Flag("failover") ? properties.Find("sentinelMasterName") : null,
        };
        var port = properties.Number("redisPort", DefaultPort);
        foreach (var host in properties.Text(HostField, DefaultHost).Split(',',
            StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            options.EndPoints.Add(host.Contains(':', StringComparison.Ordinal) ? host : $"{host}:{port}");
        if (options.Ssl) Secure(options, properties);
        return options;
    }

    static void Secure(ConfigurationOptions options, ComponentProperties properties)
    {
        if (properties.Find("clientCert") is not { Length: > 0 } certificate) return;
        var own = X509Certificate2.CreateFromPem(certificate, properties.Text("clientKey", ""));
        options.CertificateSelection += (_, _, _, _, _) => own;
    }

    static int Milliseconds(ComponentProperties properties, string name, int otherwise) =>
        (int)properties.Duration(name, Millisecond * otherwise, Millisecond).TotalMilliseconds;
}
