using Microsoft.Extensions.Logging;
using Ticketing.Sidecar.Components;
using Ticketing.Testing;

namespace Ticketing.Sidecar.Tests.PubSub;

public sealed class RiskTests
{
    const string Retries = """
        apiVersion: dapr.io/v1alpha1
        kind: Resiliency
        metadata: { name: resiliency }
        spec:
          policies: { retries: { r: { policy: exponential, maxInterval: 2s, maxRetries: 6 } } }
          targets: { components: { pubsub: { inbound: { retry: r } } } }
        """;

    [Fact]
    public async Task The_defaults_of_dapr_are_warned_of_one_by_one()
    {
        var risks = await RisksAsync(
            Yaml.Component("pubsub", "pubsub.in-memory"), RecordingApp.Subscriptions("pubsub", "", "x"));

        Assert.Equal(
        [
            "app: messages can be lost: pubsub: pubsub.in-memory: messages live in this process, and end with it",
            "app: messages can be lost: pubsub: no retry policy targets it: a handler that fails once loses the message",
            "app: messages can be lost: pubsub: topic x has no deadLetterTopic: what fails through all retries is lost",
            "app: messages can be lost: no app health check: while the app is down its messages are tried until they are given up",
        ], risks);
    }

    [Fact]
    public async Task The_embedded_broker_as_it_is_shipped_is_not_warned_of()
    {
        var folder = TestFolder.New("risk");
        var broker = Yaml.Component("pubsub", "pubsub.sqlite", ("connectionString", $"{folder}/queue.db"));

        var risks = await RisksAsync($"{broker}\n---\n{Retries}", """
            [{"pubsubname":"pubsub","topic":"x","route":"/x","deadLetterTopic":"app.dead"},
             {"pubsubname":"pubsub","topic":"app.dead","route":"/dead"}]
            """, AppHealthCheck.Default);

        Assert.Empty(risks);
    }

    const string Safe = "deletedWhenUnused=false,deliveryMode=2,publisherConfirm=true,requeueInFailure=true";

    [Theory]
    [InlineData("", "deletedWhenUnused deliveryMode publisherConfirm requeueInFailure")]
    [InlineData("durable=false", "durable deletedWhenUnused deliveryMode publisherConfirm requeueInFailure")]
    [InlineData(Safe, "")]
    [InlineData(Safe + ",autoAck=true", "autoAck")]
    [InlineData(Safe + ",maxLen=10,ttlInSeconds=5", "maxLen ttlInSeconds")]
    public void What_rabbitmq_can_lose_depends_on_every_setting(string settings, string expected)
    {
        var values = settings.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(setting => setting.Split('='))
            .ToDictionary(setting => setting[0], setting => setting[1]);
        var component = new Resources.Component(
            "pubsub", "pubsub.rabbitmq", "v1", [], false, TimeSpan.Zero, "", [], "");

        var risks = Ticketing.Sidecar.PubSub.RabbitMq.RabbitSettings.Read(component, new(values), "app").Risks();

        Assert.Equal(expected, string.Join(' ', risks.Select(risk => risk.Split(' ')[0])));
    }

    static async Task<List<string>> RisksAsync(string yaml, string subscriptions, AppHealthCheck? health = null)
    {
        var log = new Lines();
        await using var host = new SidecarHost(KnownComponents.Registry, logs: log);
        await using var app = await RecordingApp.StartAsync(subscriptions);
        await using var dapr = await PubSubTest.StartAsync(yaml, app, o => o with { AppHealthCheck = health }, host);
        return log.Of("messages can be lost");
    }

    sealed class Lines : ILoggerFactory, ILogger
    {
        readonly List<string> _lines = [];

        public List<string> Of(string text)
        {
            lock (_lines) return _lines.FindAll(line => line.Contains(text, StringComparison.Ordinal));
        }

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) { }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            lock (_lines) _lines.Add(formatter(state, exception));
        }

        public void Dispose() { }
    }
}
