using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Ticketing.Shop.Tests;

/// <summary>
/// A test's own shop: every real service in its own process, which can be killed; the shop can be restarted on the same
/// data.
/// </summary>
sealed class KillableShop : IAsyncDisposable
{
    public static readonly string[] Services = ["auth", "tickets", "orders", "expiration", "payments", "web"];

    /// <summary>Hundreds of people share one address, and the strength of password hashes is not tested here.</summary>
    static readonly Dictionary<string, string> Environment = new()
    {
        ["RateLimits__Multiplier"] = "100", ["Passwords__Iterations"] = "1000",
    };

    static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(30);

    static readonly HttpClient Http = new(new SocketsHttpHandler { UseCookies = false, UseProxy = false })
    {
        Timeout = AnswerWithin,
    };

    readonly string _log, _data;
    ShopProcess _process;

    KillableShop(TimeSpan hold, IEnumerable<string> options, string log, string data)
    {
        (Hold, _log, _data) = (hold, log, data);
        _process = StartProcess(options);
    }

    ShopProcess StartProcess(IEnumerable<string> options) => ShopProcess.Start(
        [.. options, "--hold", $"{(int)Hold.TotalSeconds}", "--data", _data], Environment);

    public TimeSpan Hold { get; }

    /// <summary>Changes at each start.</summary>
    public Uri Url { get; private set; } = new("http://localhost");

    /// <summary>How long the shop may be down after a kill.</summary>
    public static TimeSpan BackWithin => MachineLoad.Seconds(10);

    /// <param name="hold">How long a purchase holds a ticket.</param>
    /// <param name="options">The runner's, without ports and data.</param>
    /// <param name="name">Of the log file in <c>artifacts/shops</c>.</param>
    public static async Task<KillableShop> Start(
        TimeSpan hold, IEnumerable<string> options, [CallerMemberName] string name = "")
    {
        var log = Path.Combine(Directory.CreateDirectory(Repository.At("artifacts/shops")).FullName, $"{name}.log");
        File.Delete(log);
        var shop = new KillableShop(hold, options, log, TestFolder.New("shop"));
        try
        {
            shop.Url = await shop._process.Ready(TestContext.Current.CancellationToken);
            return shop;
        }
        catch
        {
            await shop.DisposeAsync();
            throw;
        }
    }

    /// <summary>After <see cref="KillAll"/>, on the same data.</summary>
    public async Task Restart(IEnumerable<string> options)
    {
        await _process.DisposeAsync();
        await File.AppendAllTextAsync(_log, _process.Output);
        _process = StartProcess(options);
        Url = await _process.Ready(TestContext.Current.CancellationToken);
    }

    /// <summary><c>kill -9</c> of one process of a service; with replicas, the one started last.</summary>
    public void Kill(string service)
    {
        var dll = $"Ticketing.{char.ToUpperInvariant(service[0])}{service[1..]}.dll";
        ProcessTree.Signal(ProcessTree.Find(_process.Id, dll)[^1], "KILL");
    }

    /// <summary><c>kill -9</c> of the runner with all sidecars; its apps are killed with it.</summary>
    public async Task KillAll()
    {
        var all = ProcessTree.Of(_process.Id);
        _process.Signal("KILL");
        await _process.Ended();
        await Eventually.Is(() => !all.Any(ProcessTree.IsRunning));
    }

    public async Task<Reply> Send(HttpMethod method, string path, object? body = null, string? session = null,
        string? key = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(Url, path));
        if (body is not null) request.Content = JsonContent.Create(body);
        if (session is not null) request.Headers.Authorization = new("Bearer", session);
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        try
        {
            using var response = await Http.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            var isJson = response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal);
            return new((int)response.StatusCode, isJson is true ? JsonDocument.Parse(text).RootElement : default)
            {
                Session = response.Headers.TryGetValues("Set-Cookie", out var cookies) ? SessionIn(cookies) : null,
            };
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
        {
            return Reply.None;
        }
    }

    const string SessionCookie = "ticketing-session=";

    static string? SessionIn(IEnumerable<string> cookies) => cookies
        .Where(cookie => cookie.StartsWith(SessionCookie, StringComparison.Ordinal))
        .Select(cookie => cookie.Split(';')[0][SessionCookie.Length..]).FirstOrDefault();

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await File.AppendAllTextAsync(_log, _process.Output);
    }
}
