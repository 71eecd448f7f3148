using Microsoft.Extensions.Time.Testing;

namespace Ticketing.Web.Tests;

public sealed class AnswerCacheTests
{
    readonly FakeTimeProvider clock = new();
    readonly AnswerCache cache;
    int asked;

    public AnswerCacheTests() => cache = new(clock);

    [Fact]
    public async Task All_who_ask_at_once_and_within_a_second_get_one_answer()
    {
        var answer = new TaskCompletionSource<string>();
        var waiting = Enumerable.Range(0, 100).Select(_ => Get(answer.Task)).ToList();
        answer.SetResult("up");
        Assert.All(await Task.WhenAll(waiting), text => Assert.Equal("up", text));
        Assert.Equal("up", await Get(Task.FromResult("down")));
        Assert.Equal(1, asked);

        clock.Advance(AnswerCache.AgeDefault);
        Assert.Equal("down", await Get(Task.FromResult("down")));
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task A_failure_is_shared_for_as_long()
    {
        for (var i = 0; i < 10; i++)
            await Assert.ThrowsAsync<HttpRequestException>(() => Get(Task.FromException<string>(new HttpRequestException())));
        Assert.Equal(1, asked);
        clock.Advance(AnswerCache.AgeDefault);
        Assert.Equal("up", await Get(Task.FromResult("up")));
    }

    [Fact]
    public async Task An_answer_may_be_good_for_longer()
    {
        for (var i = 0; i < 60; i++)
        {
            await Get(Task.FromResult("document"), TimeSpan.FromMinutes(1));
            clock.Advance(TimeSpan.FromSeconds(0.9));
        }
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task One_who_leaves_takes_nothing_from_the_others()
    {
        using var leaving = new CancellationTokenSource();
        var answer = new TaskCompletionSource<string>();
        var left = cache.Get("key", () => answer.Task, leaving.Token);
        var stays = Get(answer.Task);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        answer.SetResult("up");
        Assert.Equal("up", await stays);
    }

    [Fact]
    public async Task Questions_without_end_are_answered_and_not_remembered()
    {
        for (var i = 0; i < AnswerCache.KeysMax * 2; i++)
            Assert.Equal(i, await cache.Get($"{i}", () => Task.FromResult(i), default));
        await Get(Task.FromResult("up"));
        await Get(Task.FromResult("up"));
        Assert.Equal(2, asked);
        clock.Advance(AnswerCache.AgeDefault);
        await Get(Task.FromResult("up"));
        await Get(Task.FromResult("up"));
        Assert.Equal(3, asked);
    }

    Task<string> Get(Task<string> answer, TimeSpan? age = null) => cache.Get("key", () =>
    {
        asked++;
        return answer;
    }, default, _ => age ?? AnswerCache.AgeDefault);
}
