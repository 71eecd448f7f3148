namespace Ticketing.Common;

/// <summary>
/// Gives a request up when the whole answer has not been read in time. <see cref="HttpClient.Timeout"/> would be the
/// same for all requests of a client, and would not follow the clock of a test.
/// </summary>
public sealed class Deadline(TimeSpan unlessSaid, TimeProvider clock) : DelegatingHandler
{
    const int AnswerBytesMax = 4 * 1024 * 1024;
    static readonly HttpRequestOptionsKey<TimeSpan> Key = new("deadline");

    /// <summary>How long this request may take.</summary>
    public static void Set(HttpRequestMessage request, TimeSpan deadline) => request.Options.Set(Key, deadline);

    /// <exception cref="HttpRequestException">Too late, or the answer is larger than 4 MiB.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var deadline = request.Options.TryGetValue(Key, out var said) ? said : unlessSaid;
        using var timeout = new CancellationTokenSource(deadline, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        HttpResponseMessage? answer = null;
        try
        {
            answer = await base.SendAsync(request, linked.Token);
            // Read here, so that an answer whose body never ends is given up as well.
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
