using System.Collections.Concurrent;
using System.Net;
using Ticketing.Common;
using Ticketing.Testing;

namespace Ticketing.Hosting.Tests;

/// <summary>Reads are rate limited per caller, like writes, on every route without a setting there.</summary>
public sealed class ReadLimitTests : IAsyncLifetime
{
    const int AtOnce = 16;

    ServiceHost host = null!;

    public async ValueTask InitializeAsync() => host = await ServiceHost.Start(NotesApp.Build);
    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Theory]
    [InlineData("/api/notes/maybe", "GET")]
    [InlineData("/api/notes/maybe", "HEAD")]
    [InlineData("/nothing/here", "GET")]
    public async Task One_who_reads_without_end_is_slowed_down_and_nobody_else(string path, string method)
    {
        using var reader = host.As("reader");
        var answers = await Ask(reader, path, method, RateLimits.ReadsPerMinuteMax + 100);
        Assert.Contains(HttpStatusCode.TooManyRequests, answers);
        Assert.True(answers.Count(status => status != HttpStatusCode.TooManyRequests) >= RateLimits.ReadsPerMinuteMax);
        using var refused = await FirstRefused(reader, path);
        await Answers.AssertStatus(refused, 429, "too-many-requests");
        Assert.NotNull(refused.Headers.RetryAfter);

        using var other = host.As("other");
        Assert.DoesNotContain(HttpStatusCode.TooManyRequests, await Ask(other, path, method, 10));
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/internal/ping")]
    public async Task Machines_are_not_counted(string path)
    {
        using var machine = host.As("machine");
        machine.DefaultRequestHeaders.Add("dapr-api-token", ServiceHost.AppToken);
        Assert.All(await Ask(machine, path, "GET", RateLimits.ReadsPerMinuteMax + 100),
            status => Assert.Equal(HttpStatusCode.OK, status));
    }

    // One or two more reads may be allowed by now: the limit refills gradually.
    static async Task<HttpResponseMessage> FirstRefused(HttpClient reader, string path)
    {
        for (var tries = 0; ; tries++)
        {
            var answer = await reader.GetAsync(path);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests || tries == RateLimits.ReadsPerMinuteMax)
                return answer;
            answer.Dispose();
        }
    }

    // In parallel: on a busy machine, one after the other could stay below the limit.
    static async Task<List<HttpStatusCode>> Ask(HttpClient client, string path, string method, int times)
    {
        var answers = new ConcurrentBag<HttpStatusCode>();
        await Parallel.ForAsync(0, times, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (_, ct) =>
        {
            using var request = new HttpRequestMessage(new(method), path);
            using var answer = await client.SendAsync(request, ct);
            answers.Add(answer.StatusCode);
        });
        return [.. answers];
    }
}
