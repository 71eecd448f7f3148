using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Ticketing.Common;
using Ticketing.Testing;

namespace Ticketing.Auth.Tests;

/// <summary>Auth in this process, with cheap hashes unless a test sets otherwise, and calls of its API.</summary>
sealed class AuthHost(ServiceHost host) : IAsyncDisposable
{
    public const string Password = "correct horse battery staple";
    /// <summary>Arguments for <see cref="Open"/>: in Production, where cheap hashes are refused.</summary>
    public static readonly string[] Production = ["--environment=Production", $"--Passwords:Iterations={Passwords.Iterations}"];

    public ServiceHost Host => host;

    public static async Task<AuthHost> Open(TimeProvider? clock = null, InMemoryStore? store = null,
        Action<WebApplicationBuilder>? configure = null, params string[] args) =>
        new(await ServiceHost.Start(AuthApp.Build, configure, store, clock,
            ["--environment=Development", "--Passwords:Iterations=1000", .. args]));

    public Task<Reply> SignUp(string email, string password = Password, string? cookies = null) =>
        Post("/api/users/signup", email, password, cookies);

    public Task<Reply> SignIn(string email, string password = Password, string? cookies = null, string? from = null,
        string? agent = null) =>
        Send(HttpMethod.Post, "/api/users/signin", JsonContent.Create(new { email, password }), cookies, from, agent);

    public Task<Reply> SignOut(string? cookies) => Send(HttpMethod.Post, "/api/users/signout", null, cookies, null);

    public Task<Reply> Me(string? cookies) => Send(HttpMethod.Get, "/api/users/me", null, cookies, null);

    public Task<Reply> SessionsOf(string? cookies) => Send(HttpMethod.Get, "/api/users/me/sessions", null, cookies, null);

    /// <param name="sid">The session to end; null: all.</param>
    public Task<Reply> End(string? cookies, string? sid = null) =>
        Send(HttpMethod.Delete, $"/api/users/me/sessions{(sid is null ? "" : "/")}{sid}", null, cookies, null);

    public Task<Reply> ChangePassword(string? cookies, string? current, string? @new) => Send(HttpMethod.Put,
        "/api/users/me/password", JsonContent.Create(new { current, @new }), cookies, null);

    Task<Reply> Post(string path, string email, string password, string? cookies, string? from = null) =>
        Send(HttpMethod.Post, path, JsonContent.Create(new { email, password }), cookies, from);

    async Task<Reply> Send(HttpMethod method, string path, HttpContent? content, string? cookies, string? from,
        string? agent = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (cookies is not null)
            request.Headers.Add("Cookie", cookies);
        if (from is not null)
            request.Headers.Add("X-Forwarded-For", from);
        if (agent is not null)
            request.Headers.Add("User-Agent", agent);
        return await Reply.Of(await host.Anonymous.SendAsync(request));
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();
}

/// <summary>A response: status, body and the cookies it set.</summary>
sealed record Reply(int Status, string Body, IReadOnlyList<string> SetCookies, TimeSpan? RetryAfter)
{
    public static async Task<Reply> Of(HttpResponseMessage answer) =>
        new((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(),
            answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? [.. cookies] : [],
            answer.Headers.RetryAfter?.Delta);

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;
    public string Code => Json.GetProperty("type").GetString()!.Split('/')[^1];
    public string Session => Cookie(BrowserCookies.PlainSession);
    public string Device => Cookie("ticketing-device");

    /// <summary>For a <c>Cookie</c> header: <c>name=value</c>.</summary>
    string Cookie(string name) =>
        SetCookies.Single(cookie => cookie.StartsWith(name + "=", StringComparison.Ordinal)).Split(';')[0];

    public static void Is(int status, string? code, Reply reply)
    {
        Assert.True(status == reply.Status, $"{reply.Status} {reply.Body}");
        if (code is not null)
            Assert.Equal(code, reply.Code);
    }
}
