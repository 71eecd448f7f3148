using System.Text;
using Ticketing.Sidecar.Components;
using Ticketing.Testing;

namespace Ticketing.Sidecar.Tests.Invocation;

/// <summary>Two scripted apps with a sidecar each: <c>app</c> calls <c>app2</c>.</summary>
sealed class TwoApps : IAsyncDisposable
{
    readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    readonly SidecarHost _host;
    readonly TestSidecar _caller;

    TwoApps(SidecarHost host, ScriptedApp app, ScriptedApp app2, TestSidecar caller, TestSidecar callee) =>
        (_host, App, App2, _caller, Callee) = (host, app, app2, caller, callee);

    public ScriptedApp App { get; }

    public ScriptedApp App2 { get; }

    public TestSidecar Callee { get; }

    public AppSidecar Caller => _caller.Sidecar;

    public static async Task<TwoApps> StartAsync(
        string yaml = "", Func<SidecarOptions, SidecarOptions>? callee = null, Func<SidecarOptions, SidecarOptions>? caller = null)
    {
        var host = new SidecarHost(KnownComponents.Registry);
        var (app, app2) = (await ScriptedApp.StartAsync(), await ScriptedApp.StartAsync());
        var second = await TestSidecar.StartAsync("", o => (callee ?? (same => same))(o with { AppId = "app2", AppPort = app2.Port }), host);
        var first = await TestSidecar.StartAsync(yaml, o => (caller ?? (same => same))(o with { AppPort = app.Port }), host);
        await Eventually.Is(() => IsUp(first.Sidecar) && IsUp(second.Sidecar), "both apps are up");
        return new TwoApps(host, app, app2, first, second);
    }

    // Where the test is about health, it is the test that says when the app is well.
    static bool IsUp(AppSidecar sidecar) => sidecar.App.IsHealthy || sidecar.Options.AppHealthCheck is not null;

    public Task<HttpResponseMessage> SendAsync(string verb, string path, HttpContent? body = null, params (string Name, string Value)[] headers)
    {
        // The client would tidy the path up; daprd's callers may not.
        var uri = new Uri($"http://127.0.0.1:{Caller.HttpPort}{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(new HttpMethod(verb), uri) { Content = body };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    /// <returns>Status and body, as a recording shows them.</returns>
    public async Task<(int Status, string Body)> AskAsync(string verb, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await SendAsync(verb, path, content, headers);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _caller.DisposeAsync();
        await Callee.DisposeAsync();
        await _host.DisposeAsync();
        await App.DisposeAsync();
        await App2.DisposeAsync();
    }
}
