using System.Net.Http.Headers;
using System.Text.Json;
using System.Text;
using Ticketing.Testing;

namespace Ticketing.Sidecar.Tests.PubSub;

static class PubSubTest
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Starts a sidecar for an app and waits until it has subscribed.</summary>
    public static async Task<TestSidecar> StartAsync(
        string yaml, RecordingApp app, Func<SidecarOptions, SidecarOptions>? with = null, SidecarHost? host = null)
    {
        var sidecar = await TestSidecar.StartAsync(
            yaml, options => (with ?? (same => same))(options with { AppPort = app.Port }), host);
        await sidecar.IsSubscribedAsync();
        return sidecar;
    }

    public static Task IsSubscribedAsync(this TestSidecar sidecar) => Eventually.Is(
        () => sidecar.Sidecar.IsAppStarted, TimeSpan.FromSeconds(20), () => "the sidecar did not subscribe");

    /// <summary>The number that was published as data.</summary>
    public static int Number(Received received)
    {
        using var document = JsonDocument.Parse(received.Body);
        return document.RootElement.GetProperty("data").GetInt32();
    }

    /// <summary>The next step that is meant; those before it are skipped.</summary>
    public static async Task<FlowStep> WaitForStepAsync(this TestSidecar sidecar, Func<FlowStep, bool> isMeant)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        return await sidecar.Sidecar.Host.Flow.Steps.ReadAllAsync(deadline.Token).FirstAsync(isMeant, deadline.Token);
    }

    /// <summary>Publishes 0, 1, 2 … as data, many at a time.</summary>
    public static Task PublishNumbersAsync(this TestSidecar sidecar, string topic, int count) => Parallel.ForAsync(
        0, count, new ParallelOptions { MaxDegreeOfParallelism = 50, CancellationToken = Ct },
        async (n, _) => Assert.Equal((204, ""), await sidecar.PublishAsync(topic, $"{n}")));

    public static async Task<(int Status, string Body)> PublishAsync(
        this TestSidecar sidecar, string topicAndQuery, string body, string? contentType = "application/json",
        params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1.0/publish/" + topicAndQuery)
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)),
        };
        if (contentType is not null) request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        using var response = await sidecar.Http.SendAsync(request, Ct);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Ct));
    }
}
