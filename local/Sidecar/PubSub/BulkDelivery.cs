using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ticketing.Sidecar.Json;
using Ticketing.Sidecar.Resiliency;

namespace Ticketing.Sidecar.PubSub;

/// <summary>Delivers events by the batch: what comes within a while of the first, or until the batch is full.</summary>
sealed class BulkDelivery(
    AppSidecar sidecar, TopicSubscription subscription, SubscriptionFlow flow, ILogger log, CancellationToken stop)
{
    const int MessagesMaxDefault = 100;
    const int AwaitMillisecondsDefault = 1000;

    readonly AppDelivery _app = new(sidecar);
    readonly Policy _policy = sidecar.Policies.Inbound(subscription.PubSub, ComponentKind.Pubsub);
    readonly int _messagesMax = Or(subscription.Bulk!.MaxMessagesCount, MessagesMaxDefault);
    readonly TimeSpan _await = TimeSpan.FromMilliseconds(
        Or(subscription.Bulk!.MaxAwaitDurationMs, AwaitMillisecondsDefault));
    readonly bool _isRaw = Publisher.TryReadRaw(subscription.Metadata, out var isRaw) && isRaw;
    readonly Lock _gate = new();
    List<Entry> _batch = [];

    /// <summary>Joins the batch that is filling up, and waits for what the app says of this event.</summary>
    /// <exception cref="OperationCanceledException">The subscription ends.</exception>
    public Task<AppAnswer> DeliverAsync(IncomingEvent incoming, string path, CancellationToken ct)
    {
        var entry = new Entry(sidecar.Host.NewId().ToString(), incoming, path);
        List<Entry> batch;
        bool isFirst, isFull;
        lock (_gate)
        {
            batch = _batch;
            batch.Add(entry);
            (isFirst, isFull) = (batch.Count == 1, batch.Count >= _messagesMax);
            if (isFull) _batch = [];
        }

        if (isFull) _ = SendAsync(batch);
        else if (isFirst) _ = SendLaterAsync(batch);
        return entry.Answer.Task.WaitAsync(ct);
    }

    async Task SendLaterAsync(List<Entry> batch)
    {
        await Task.Delay(_await, sidecar.Host.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            if (_batch != batch) return;
            _batch = [];
        }

        await SendAsync(batch);
    }

    Task SendAsync(List<Entry> batch) =>
        Task.WhenAll(batch.GroupBy(entry => entry.Path).Select(group => SendAsync(group.Key, [.. group])));

    async Task SendAsync(string path, List<Entry> entries)
    {
        var waiting = entries;
        var fault = "";
        try
        {
            await _policy.Run(
                async (attempt, ct) =>
                {
                    var verdict = await AttemptAsync(path, waiting, attempt, ct);
                    waiting = waiting.FindAll(entry => !entry.Answer.Task.IsCompleted);
                    return waiting.Count == 0 ? Verdict.Success : verdict;
                },
                verdict => verdict, null, stop);
        }
        catch (Exception error) when (
            error is AttemptTimeoutException or BreakerOpenException or OperationCanceledException)
        {
            fault = error.Message;
        }

        // Cancelled, those who wait have been cancelled themselves; otherwise the policy has given up.
        foreach (var entry in waiting) entry.Answer.TrySetResult(entry.Last ?? new(AnswerKind.Failed, Outcome: fault));
    }

    async Task<Verdict> AttemptAsync(string path, List<Entry> entries, int attempt, CancellationToken ct)
    {
        var start = flow.Start();
        int? code = null;
        Func<Entry, AppAnswer> answers;
        try
        {
            using var response = await _app.PostAsync(
                path, "application/json", Envelope(entries), subscription.PubSub, BulkEntry.NoMetadata,
                entries[0].Incoming.TraceParent, ct);
            var status = (int)response.StatusCode;
            if (status is < 200 or > 299) code = status;
            answers = Read(status, await response.Content.ReadAsByteArrayAsync(ct));
        }
        catch (HttpRequestException error)
        {
            answers = _ => new(AnswerKind.Failed, Outcome: error.Message);
        }

        foreach (var entry in entries)
        {
            var answer = entry.Last = answers(entry);
            flow.Report(answer, entry.Incoming, attempt, start);
            if (answer.Kind != AnswerKind.Failed) entry.Answer.TrySetResult(answer);
            else PubSubLog.AttemptFailed(
                log, sidecar.Options.AppId, attempt, entry.Incoming.Id, subscription.Topic, answer.Outcome);
        }

        return code is { } failed ? Verdict.FailureWith(failed) : Verdict.Failure;
    }

    /// <summary>Each entry has a status of its own; one without is to be tried again. As in daprd, 404 gives up the
    /// whole
    /// batch, and without dead letters.</summary>
    static Func<Entry, AppAnswer> Read(int status, byte[] body)
    {
        if (status == 404) return _ => new(AnswerKind.Settled, Outcome: "404");
        if (status is < 200 or > 299) return _ => new(AnswerKind.Failed, status, $"{status}");
        try
        {
            var statuses = JsonSerializer.Deserialize(body, BulkJson.Default.BulkAnswer)?.Statuses ?? [];
            var byId = statuses.DistinctBy(entry => entry.EntryId)
                .ToDictionary(entry => entry.EntryId ?? "", entry => entry.Status);
            return entry => byId.GetValueOrDefault(entry.Id) switch
            {
                "SUCCESS" => new(AnswerKind.Settled),
                "DROP" => new(AnswerKind.Dropped, Outcome: "DROP"),
                null or "" => new(AnswerKind.Failed, Outcome: "no status"),
                var other => new(AnswerKind.Failed, Outcome: other),
            };
        }
        catch (JsonException error)
        {
            return _ => new(AnswerKind.Failed, Outcome: error.Message);
        }
    }

    ReadOnlyMemory<byte> Envelope(List<Entry> entries)
    {
        var output = new ArrayBufferWriter<byte>(256 + entries.Sum(entry => entry.Incoming.Data.Length + 256));
        var json = new GoJsonWriter(output).StartObject().Name("entries").StartArray();
        foreach (var entry in entries)
        {
            json.StartObject().Member("entryId", entry.Id).Name("event");
            if (_isRaw) json.Text(Convert.ToBase64String(entry.Incoming.Raw.Span));
            else json.Raw(entry.Incoming.Data.Span);
            json.Name("metadata").StartObject();
            foreach (var (name, value) in entry.Incoming.Metadata.OrderBy(item => item.Key, StringComparer.Ordinal))
                json.Member(name, value);
            json.EndObject();
            json.Member("contentType", _isRaw ? "application/octet-stream" : CloudEvent.ContentType).EndObject();
        }

        json.EndArray().Member("id", sidecar.Host.NewId().ToString());
        json.Name("metadata").StartObject().Member("pubsubName", subscription.PubSub).EndObject();
        json.Member("pubsubname", subscription.PubSub).Member("topic", subscription.Topic)
            .Member("type", "com.dapr.event.sent.bulk").EndObject();
        return output.WrittenMemory;
    }

    static int Or(int value, int otherwise) => value > 0 ? value : otherwise;

    sealed class Entry(string id, IncomingEvent incoming, string path)
    {
        public string Id => id;
        public IncomingEvent Incoming => incoming;
        public string Path => path;
        public AppAnswer? Last { get; set; }
        public TaskCompletionSource<AppAnswer> Answer { get; } = new(
            TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

sealed record BulkAnswer(List<BulkAnswerEntry>? Statuses);

sealed record BulkAnswerEntry(string? EntryId, string? Status);

[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(BulkAnswer))]
sealed partial class BulkJson : JsonSerializerContext;
