using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace Ticketing.Run.Demo;

/// <summary>An HTTP client of one person, with its own cookies.</summary>
sealed class Customer : IDisposable
{
    const int TriesMax = 10;

    readonly HttpClient _http;

    Customer(Uri shop, string name)
    {
        Name = name;
        var cookies = new HttpClientHandler { CookieContainer = new CookieContainer() };
        _http = new HttpClient(cookies) { BaseAddress = shop };
    }

    public string Name { get; }

    public static async Task<Customer> SignUp(
        Uri shop, string name, string email, string password, CancellationToken ct)
    {
        var customer = new Customer(shop, name);
        (await customer.Post("/api/users/signup", new { email, password }, ct)).Must(201);
        return customer;
    }

    /// <summary>Signs in; signs up if there is no such account yet.</summary>
    public static async Task<Customer> SignInOrUp(
        Uri shop, string name, string email, string password, CancellationToken ct)
    {
        var customer = new Customer(shop, name);
        var there = await customer.Post("/api/users/signin", new { email, password }, ct);
        if (there.Status != 200) (await customer.Post("/api/users/signup", new { email, password }, ct)).Must(201);
        return customer;
    }

    public Task<ApiResponse> Get(string path, CancellationToken ct) => Send(HttpMethod.Get, path, null, null, ct);

    public Task<ApiResponse> Post(string path, object? body, CancellationToken ct) =>
        Send(HttpMethod.Post, path, body, null, ct);

    public Task<ApiResponse> Put(string path, object body, string? ifMatch, CancellationToken ct) =>
        Send(HttpMethod.Put, path, body, ifMatch, ct);

    /// <summary>Repeats the request while the answer is 503, as any client should.</summary>
    async Task<ApiResponse> Send(HttpMethod method, string path, object? body, string? ifMatch, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var request = new HttpRequestMessage(method, path);
            if (body is not null) request.Content = JsonContent.Create(body);
            if (ifMatch is not null) request.Headers.IfMatch.Add(new EntityTagHeaderValue($"\"{ifMatch}\""));
            using var response = await _http.SendAsync(request, ct);
            if (response.StatusCode != HttpStatusCode.ServiceUnavailable || attempt == TriesMax)
                return await ApiResponse.Read($"{method} {path}", response, ct);
            await Task.Delay(response.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1), ct);
        }
    }

    /// <summary>Waits until the ticket is in the listings, or no longer in them.</summary>
    /// <exception cref="DemoFailedException">Not within the time.</exception>
    public Task<ApiResponse> WaitForListing(
        string ticket, string search, bool listed, TimeSpan within, CancellationToken ct) =>
        DemoOutput.WaitFor(
            () => Get($"/api/tickets?q={search}&limit=100", ct),
            seen => seen.Status == 200 && seen.Body.GetProperty("items").EnumerateArray()
                .Any(item => item.GetProperty("id").GetString() == ticket) == listed,
            within, $"{ticket} is {(listed ? "listed" : "not listed")}", ct);

    /// <summary>Waits until an order or payment of this customer has the status.</summary>
    /// <exception cref="DemoFailedException">Not within the time.</exception>
    public Task<ApiResponse> WaitForStatus(string path, string status, TimeSpan within, CancellationToken ct) =>
        DemoOutput.WaitFor(
            () => Get(path, ct), seen => seen.Status == 200 && seen.Text("status") == status,
            within, $"{path} is {status}", ct);

    public void Dispose() => _http.Dispose();
}
