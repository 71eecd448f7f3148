using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Ticketing.Common;
using Ticketing.Testing;

namespace Ticketing.Hosting.Tests;

/// <summary>Calls to other apps, as a sidecar receives them.</summary>
public sealed class InvocationTests : IAsyncLifetime
{
    readonly List<string> asked = [];
    WebApplication sidecar = null!;
    ServiceHost host = null!;
    RequestDelegate answer = _ => Task.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        sidecar = builder.Build();
        sidecar.Run(context =>
        {
            var headers = context.Request.Headers;
            if (!context.Request.Path.Value!.EndsWith("/revoked", StringComparison.Ordinal))
                asked.Add($"{context.Request.Path} cookie={headers.Cookie}");
            return answer(context);
        });
        await sidecar.StartAsync();
        host = await ServiceHost.Start(NotesApp.Build, builder =>
            builder.Configuration.AddInMemoryCollection([new("DAPR_HTTP_ENDPOINT", sidecar.Urls.Single())]));
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        await sidecar.DisposeAsync();
    }

    Task<RevokedList?> Ask() =>
        host.Services.GetRequiredService<OtherApps>()
            .Get("auth", "some/thing", RevokedListJson.Default.RevokedList, default);

    [Fact]
    public async Task Another_app_is_asked_through_the_sidecar_and_no_cookie_is_kept()
    {
        answer = context =>
        {
            context.Response.Headers.SetCookie = "session=somebody-else; path=/";
            return context.Response.WriteAsync("""{"sessions":[]}""");
        };
        Assert.NotNull(await Ask());
        Assert.NotNull(await Ask());
        const string line = "/v1.0/invoke/auth/method/some/thing cookie=";
        Assert.Equal([line, line], asked);
    }

    [Theory]
    [InlineData(200, "", "")]
    [InlineData(200, "null", "application/json")]
    [InlineData(200, "{broken", "application/json")]
    [InlineData(204, "", "")]
    [InlineData(404, """{"errorCode":"ERR_DIRECT_INVOKE"}""", "application/json")]
    [InlineData(500, """{"errorCode":"ERR_DIRECT_INVOKE"}""", "application/json")]
    [InlineData(307, "", "")]
    public async Task What_is_no_answer_is_a_failure(int status, string body, string type)
    {
        answer = context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            return body.Length > 0 ? context.Response.WriteAsync(body) : Task.CompletedTask;
        };
        await Assert.ThrowsAsync<TryAgainException>(Ask);
    }

    [Fact]
    public async Task The_other_apps_own_no_is_a_no()
    {
        answer = context => Problems.Of(404).ExecuteAsync(context);
        Assert.Null(await Ask());
    }

    [Fact]
    public async Task Nobody_waits_longer_than_a_second()
    {
        answer = context => Task.Delay(TimeSpan.FromSeconds(10), context.RequestAborted);
        var started = TimeProvider.System.GetTimestamp();
        await Assert.ThrowsAsync<TryAgainException>(Ask);
        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(8));
    }
}
