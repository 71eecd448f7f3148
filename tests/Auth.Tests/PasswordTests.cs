using Ticketing.Contracts;

namespace Ticketing.Auth.Tests;

public sealed class PasswordTests : IAsyncLifetime
{
    const string Ada = "ada@example.com", Better = "a better password than that";
    AuthHost auth = null!;

    public async ValueTask InitializeAsync() => auth = await AuthHost.Open();
    public ValueTask DisposeAsync() => auth.DisposeAsync();

    [Fact]
    public async Task A_new_password_ends_all_other_sessions_and_the_old_one_is_worth_nothing()
    {
        var (home, away) = (await auth.SignUp(Ada), await auth.SignIn(Ada));
        Reply.Is(204, null, await auth.ChangePassword(home.Session, AuthHost.Password, Better));
        Reply.Is(200, null, await auth.Me(home.Session));
        Reply.Is(401, null, await auth.Me(away.Session));
        Reply.Is(401, "bad-credentials", await auth.SignIn(Ada));
        Reply.Is(200, null, await auth.SignIn(Ada, Better));
    }

    [Theory]
    [InlineData("", Better, 400, "current")]
    [InlineData(null, Better, 400, "current")]
    [InlineData(AuthHost.Password, "short", 400, "new")]
    [InlineData(AuthHost.Password, null, 400, "new")]
    [InlineData("a wrong password", Better, 401, null)]
    public async Task What_is_wrong_changes_nothing(string? current, string? @new, int status, string? member)
    {
        var (home, away) = (await auth.SignUp(Ada), await auth.SignIn(Ada));
        var reply = await auth.ChangePassword(home.Session, current, @new);
        Reply.Is(status, status == 400 ? "invalid" : "bad-credentials", reply);
        if (member is not null)
            Assert.Equal(member, Assert.Single(reply.Json.GetProperty("errors").EnumerateObject()).Name);
        Reply.Is(200, null, await auth.Me(away.Session));
        Reply.Is(200, null, await auth.SignIn(Ada));
    }

    [Fact]
    public async Task Guessing_at_the_old_password_is_limited_as_at_the_sign_in()
    {
        var home = await auth.SignUp(Ada);
        for (var i = 0; i < 10; i++)
            Reply.Is(401, null, await auth.ChangePassword(home.Session, $"wrong guess {i}", Better));
        Reply.Is(429, "too-many-requests", await auth.ChangePassword(home.Session, AuthHost.Password, Better));
        Reply.Is(429, null, await auth.SignIn(Ada));
        Reply.Is(401, null, await auth.ChangePassword(null, AuthHost.Password, Better));
    }

    [Fact]
    public async Task Of_two_changes_at_once_one_counts()
    {
        var home = await auth.SignUp(Ada);
        var replies = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(i => auth.ChangePassword(home.Session, AuthHost.Password, $"{Better} {i}")));
        var winner = Assert.Single(Enumerable.Range(0, 4), i => replies[i].Status == 204);
        Reply.Is(200, null, await auth.SignIn(Ada, $"{Better} {winner}"));
    }

    [Fact]
    public void A_sign_in_with_the_old_password_that_comes_late_is_refused()
    {
        var now = DateTimeOffset.UnixEpoch;
        Session New(string id) => new(id, now, now, "1.1.1.1", "unknown");
        var id = UserId.Parse("ada");
        var account = Account.Absent("a").SignUp(id, Ada, "old hash", New("one"), now).State!;
        var changed = account.ChangePassword(new(id, Ada, "one"), account.PasswordsBefore, "new hash").State!;
        Assert.Equal(Account.BadCredentials, changed.Begin(id, New("late"), account.PasswordsBefore).Refusal);
        Assert.Equal(Account.BadCredentials, account.Erase(id).State!.Begin(id, New("late"), account.PasswordsBefore).Refusal);
        // A rehash of the same password is not a change of password.
        Assert.Null(account.Rehash("old hash", "dear hash").State!.Begin(id, New("two"), account.PasswordsBefore).Refusal);
    }
}
