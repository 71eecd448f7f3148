namespace Ticketing.Common;

/// <summary>
/// Cancels a request whose whole response has not arrived in time. <see cref="HttpClient.Timeout"/> is one value for
/// all requests of a client and does not use <see cref="TimeProvider"/>.
/// </summary>
public sealed class Deadline(TimeSpan byDefault, TimeProvider clock) : DelegatingHandler
{
    const int AnswerBytesMax = 4 * 1024 * 1024;
    static readonly HttpRequestOptionsKey<TimeSpan> Key = new("deadline");

    /// <summary>Sets the time this request may take.</summary>
    public static void Set(HttpRequestMessage request, TimeSpan deadline) => request.Options.Set(Key, deadline);

    /// <exception cref="HttpRequestException">Too late, or the response is larger than 4 MiB.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var deadline = request.Options.TryGetValue(Key, out var given) ? given : byDefault;
        using var timeout = new CancellationTokenSource(deadline, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        HttpResponseMessage? answer = null;
        try
        {
            answer = await base.SendAsync(request, linked.Token);
            // Read here, so that the deadline also covers a body that never ends.
            await answer.Content.LoadIntoBufferAsync(AnswerBytesMax, linked.Token);
            return answer;
        }
        catch (Exception e)
        {
            answer?.Dispose();
            if (e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
                throw new HttpRequestException($"No answer within {deadline.TotalSeconds} s.", e);
            throw;
        }
    }
}
