using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Ticketing.Testing;

namespace Ticketing.Web.Tests;

/// <summary>The web client, with fake services behind it.</summary>
public sealed class Site : IAsyncLifetime
{
    internal const string Buyer = "buyer";

    ServiceHost host = null!;

    public Uri Address => host.Address;

    internal FakeApps Apps { get; } = new();

    readonly AdvancedClock clock = new();

    /// <summary>Advances the clock until all cached answers have expired.</summary>
    public void AdvanceClock() => clock.Shift += TimeSpan.FromMinutes(2);

    public async ValueTask InitializeAsync() => host = await ServiceHost.Start(WebApp.Build,
        builder => builder.Services.AddOtherAppsStub(Apps.Answer),
        clock: clock, args: $"--contentRoot={Repository.At("services/Web")}");

    /// <summary>A page as a browser gets it, signed in as somebody or not.</summary>
    public async Task<(HttpResponseMessage Answer, string Html)> Get(string path, string? user = null) =>
        await Send(new(HttpMethod.Get, path), user);

    public async Task<(HttpResponseMessage Answer, string Html)> Post(
        string path, string? user = null, params (string, string)[] form) =>
        await Send(new(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Item1, field.Item2))),
        }, user);

    public async Task<(HttpResponseMessage Answer, string Html)> Send(HttpRequestMessage request, string? user = null)
    {
        if (request.Headers.Accept.Count == 0)
            request.Headers.Accept.Add(new("text/html"));
        if (user is not null)
            request.Headers.Authorization = new("Bearer", TestSessions.Token(user, host.Clock.GetUtcNow()));
        var answer = await host.Anonymous.SendAsync(request);
        return (answer, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()));
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();
}

/// <summary>The system clock, whose timestamps a test can advance.</summary>
sealed class AdvancedClock : TimeProvider
{
    public TimeSpan Shift { get; set; }
    public override long GetTimestamp() => base.GetTimestamp() + (long)(Shift.TotalSeconds * TimestampFrequency);
}

/// <summary>Fakes of the five services: a reply by app and path.</summary>
sealed class FakeApps
{
    readonly Dictionary<string, Func<HttpRequestMessage, HttpResponseMessage?>> replies = [];

    /// <summary>Removes the replies of an earlier test.</summary>
    public void Reset()
    {
        replies.Clear();
        Unreachable.Clear();
    }

    /// <summary>Apps that do not answer at all.</summary>
    public HashSet<string> Unreachable { get; } = [];

    public void Reply(string app, string path, string json, HttpStatusCode status = HttpStatusCode.OK) =>
        Reply(app, path, _ => new(status) { Content = new StringContent(json, Encoding.UTF8, TypeOf(status)) });

    /// <param name="path">Without its query.</param>
    public void Reply(string app, string path, Func<HttpRequestMessage, HttpResponseMessage?> answer) =>
        replies[$"{app}{path}"] = answer;

    public HttpResponseMessage Answer(HttpRequestMessage request)
    {
        var (app, path) = (request.RequestUri!.Host, request.RequestUri.AbsolutePath);
        if (Unreachable.Contains(app))
            throw new HttpRequestException($"{app} is not there.");
        return replies.GetValueOrDefault($"{app}{path}")?.Invoke(request) ?? new HttpResponseMessage(HttpStatusCode.NotFound)
        {
            Content = new StringContent("""{"type":"/problems/not-found","title":"Nothing","status":404}""",
                Encoding.UTF8, new MediaTypeHeaderValue("application/problem+json")),
        };
    }

    static string TypeOf(HttpStatusCode status) =>
        (int)status < 400 ? "application/json" : "application/problem+json";
}
