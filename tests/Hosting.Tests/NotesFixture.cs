using System.Net.Http.Json;
using System.Text.Json;
using Ticketing.Testing;

namespace Ticketing.Hosting.Tests;

public sealed class NotesFixture : IAsyncLifetime
{
    public ServiceHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Host = await ServiceHost.Start(NotesApp.Build);
    public ValueTask DisposeAsync() => Host.DisposeAsync();
}

static class Answers
{
    public static async Task AssertStatus(HttpResponseMessage answer, int status, string? code = null)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(status == (int)answer.StatusCode, $"{(int)answer.StatusCode}: {body}");
        if (status < 400)
            return;
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("traceId").GetString()!);
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        var type = problem.GetProperty("type").GetString()!;
        Assert.StartsWith("/problems/", type, StringComparison.Ordinal);
        if (code is not null)
            Assert.Equal($"/problems/{code}", type);
    }
}
