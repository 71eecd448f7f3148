namespace Ticketing.Auth.Tests;

public sealed class CommonPasswordTests
{
    const string Ada = "ada@example.com";

    [Theory]
    [InlineData("password1", false)]
    [InlineData("PassWord1", false)]
    [InlineData(" password1 ", false)]
    [InlineData("ｐａｓｓｗｏｒｄ1", false)]
    [InlineData("1qaz2wsx", false)]
    [InlineData("ticketing", false)]
    [InlineData("Ticketing2026!", false)]
    [InlineData("lovelace", false)]
    [InlineData("ada.lovelace", false)]
    [InlineData("ada.lovelace@example.com", false)]
    [InlineData("lovelace1815", false)]
    [InlineData("lovelace and babbage", true)]
    [InlineData("password1 password1", true)]
    [InlineData("correct horse battery staple", true)]
    [InlineData("🎫🎫🎫🎫🎫🎫🎫🎫", true)]
    [InlineData("83619274650", true)]
    public void What_a_guesser_tries_first_is_refused(string password, bool isGood) =>
        Assert.Equal(isGood, Credentials.MistakeInNew(password, "Ada.Lovelace@example.com") is null);

    // ASVS 5.0, 6.2.4 requires at least the 3,000 most frequent passwords that are long enough.
    [Fact]
    public void The_list_is_long_enough_and_its_use_is_quick()
    {
        Assert.True(CommonPasswords.Count >= 3_000, $"{CommonPasswords.Count}");
        var longest = string.Concat(Enumerable.Repeat("ﷺ", Credentials.PasswordMax));
        var started = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < 1000; i++)
            Assert.Null(CommonPasswords.Mistake(longest, Ada));
        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task It_is_refused_at_the_sign_up_and_at_a_change_with_a_sentence()
    {
        await using var auth = await AuthHost.Open();
        AssertMistake("password", await auth.SignUp(Ada, "iloveyou"));
        var ada = await auth.SignUp(Ada);
        AssertMistake("new", await auth.ChangePassword(ada.Session, AuthHost.Password, "iloveyou"));
        AssertMistake("new", await auth.ChangePassword(ada.Session, AuthHost.Password, "Ada@Example.com1"));
        Reply.Is(200, null, await auth.SignIn(Ada));

        static void AssertMistake(string member, Reply reply)
        {
            Reply.Is(400, "invalid", reply);
            Assert.Contains("tried first", reply.Json.GetProperty("errors").GetProperty(member)[0].GetString(),
                StringComparison.Ordinal);
        }
    }
}
