using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json;

namespace Ticketing.Load;

/// <summary>The live stream of one order.</summary>
sealed class OrderWatch : IDisposable
{
    static readonly TimeSpan ChangeWithin = TimeSpan.FromSeconds(60);

    readonly HttpResponseMessage _answer;
    readonly CancellationTokenSource _deadline;
    readonly IAsyncEnumerator<SseItem<string>> _events;
    string _status = "";

    OrderWatch(HttpResponseMessage answer, Stream stream, CancellationTokenSource deadline) => (_answer, _deadline, _events) =
        (answer, deadline, SseParser.Create(stream).EnumerateAsync(deadline.Token).GetAsyncEnumerator(deadline.Token));

    public static async Task<OrderWatch> Open(
        HttpClient http, AuthenticationHeaderValue session, string order, CancellationToken ct)
    {
        var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(ChangeWithin);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/orders/{order}/live");
        request.Headers.Authorization = session;
        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
        if ((int)answer.StatusCode is 429 or 503) throw new RefusedException();
        answer.EnsureSuccessStatusCode();
        return new(answer, await answer.Content.ReadAsStreamAsync(deadline.Token), deadline);
    }

    /// <exception cref="InvalidOperationException">It ended in another way, or the stream did.</exception>
    public async Task Becomes(string status)
    {
        while (_status != status)
        {
            if (!await _events.MoveNextAsync()) throw new InvalidOperationException($"The stream ended at {_status}, before {status}.");
            if (_events.Current.EventType != "order") continue;
            using var order = JsonDocument.Parse(_events.Current.Data);
            _status = order.RootElement.GetProperty("status").GetString()!;
            if (_status is "cancelled" or "refunded") throw new InvalidOperationException($"The order became {_status}, not {status}.");
        }
    }

    public void Dispose()
    {
        _deadline.Dispose();
        _answer.Dispose();
    }
}
