namespace Ticketing.StripeServer.Tests;

static class Eventually
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20), PollEvery = TimeSpan.FromMilliseconds(20);

    public static async Task True(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var timer = new PeriodicTimer(PollEvery);
        while (!await condition())
            Assert.True(await timer.WaitForNextTickAsync(deadline.Token));
    }

    public static Task True(Func<bool> condition) => True(() => Task.FromResult(condition()));
}
