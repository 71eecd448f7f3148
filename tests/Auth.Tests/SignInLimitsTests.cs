using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;
using Ticketing.Common;

namespace Ticketing.Auth.Tests;

public sealed class SignInLimitsTests
{
    static readonly EmailAddress ada = EmailAddress.TryParse("ada@example.com")!;
    readonly FakeTimeProvider clock = new();
    readonly SignInLimits limits;

    public SignInLimitsTests() => limits = new(new ConfigurationBuilder().Build(), clock);

    bool Guess(EmailAddress account, string from, string? device = null, bool right = false)
    {
        using var attempt = limits.SignIn(account, AddressBlock.Of(IPAddress.Parse(from)), device);
        if (attempt.Wait > TimeSpan.Zero)
            return false;
        if (right)
            attempt.Succeeded();
        else
            attempt.Failed();
        return true;
    }

    static int Guesses(int tries, Func<int, bool> guess) => Enumerable.Range(0, tries).Count(guess);

    [Fact]
    public void One_place_may_be_wrong_about_one_account_ten_times_and_then_once_a_minute()
    {
        Assert.Equal(10, Guesses(10_000, _ => Guess(ada, "1.1.1.1")));
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, Guesses(100, _ => Guess(ada, "1.1.1.1")));
    }

    [Fact]
    public void Who_knows_the_password_may_sign_in_twenty_times_and_then_six_times_a_minute()
    {
        Assert.Equal(20, Guesses(10_000, _ => Guess(ada, "1.1.1.1", right: true)));
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(6, Guesses(100, _ => Guess(ada, "1.1.1.1", right: true)));
    }

    [Fact]
    public void A_device_that_each_sign_in_gives_buys_no_more_sign_ins() =>
        Assert.Equal(20, Guesses(1000, i => Guess(ada, "1.1.1.1", device: $"{i}", right: true)));

    [Fact]
    public void One_account_from_everywhere_and_one_place_with_many_accounts_are_limited_too()
    {
        Assert.Equal(40, Guesses(1000, i => Guess(ada, $"10.0.{i / 250}.{i % 250 + 1}", right: true)));
        Assert.Equal(60, Guesses(1000,
            i => Guess(EmailAddress.TryParse($"user{i}@example.com")!, "1.1.1.1", right: true)));
    }

    [Fact]
    public void Who_is_wrong_uses_up_nothing_of_who_is_right()
    {
        Guesses(1000, i => Guess(ada, $"10.0.{i / 250}.{i % 250 + 1}"));
        Assert.Equal(20, Guesses(1000, _ => Guess(ada, "2.2.2.2", device: "hers", right: true)));
    }

    [Fact]
    public void A_try_that_was_neither_counts_as_nothing()
    {
        for (var i = 0; i < 1000; i++)
        {
            using var attempt = limits.SignIn(ada, AddressBlock.Of(IPAddress.Loopback), null);
            Assert.Equal(TimeSpan.Zero, attempt.Wait);
        }
    }

    [Fact]
    public void One_password_for_ten_thousand_accounts_gets_no_further_than_fifty() =>
        Assert.Equal(50, Guesses(10_000, i => Guess(EmailAddress.TryParse($"user{i}@example.com")!, "1.1.1.1")));

    [Fact]
    public void Ten_thousand_places_guess_one_account_no_faster_than_thirty_and_one_a_minute()
    {
        Assert.Equal(30, Guesses(10_000, i => Guess(ada, $"10.0.{i / 250}.{i % 250 + 1}")));
        clock.Advance(TimeSpan.FromHours(24));
        Assert.Equal(30, Guesses(10_000, i => Guess(ada, $"10.1.{i / 250}.{i % 250 + 1}")));
    }

    [Fact]
    public void An_attacker_locks_nobody_out_of_his_own_browser()
    {
        Guesses(10_000, i => Guess(ada, $"10.0.{i / 250}.{i % 250 + 1}"));
        Assert.False(Guess(ada, "2.2.2.2", right: true));
        Assert.True(Guess(ada, "2.2.2.2", device: "hers", right: true));
        Assert.Equal(10, Guesses(100, _ => Guess(ada, "2.2.2.2", device: "hers")));
        Assert.True(Guess(EmailAddress.TryParse("bob@example.com")!, "2.2.2.2", right: true));
    }

    [Fact]
    public void A_network_of_ipv6_is_one_place()
    {
        Assert.Equal(10, Guesses(100, i => Guess(ada, $"2001:db8:0:1::{i:x}")));
        Assert.True(Guess(ada, "2001:db8:0:2::1"));
        Assert.Equal(10, Guesses(100, i => Guess(ada, i % 2 == 0 ? "1.1.1.1" : "::ffff:1.1.1.1")));
    }

    [Fact]
    public void New_accounts_from_one_place_are_limited()
    {
        Assert.Equal(60, Guesses(1000, _ => limits.SignUp(AddressBlock.Of(IPAddress.Loopback)) == TimeSpan.Zero));
        Assert.Equal(TimeSpan.Zero, limits.SignUp(AddressBlock.Of(IPAddress.Parse("1.1.1.1"))));
    }

    [Fact]
    public void A_throttle_forgets_keys_and_stays_bounded()
    {
        var throttle = new Throttle(1, TimeSpan.FromMinutes(1), clock);
        for (var i = 0; i < 120_000; i++)
            Assert.Equal(TimeSpan.Zero, throttle.Take($"{i}"));
        Assert.Equal(TimeSpan.FromMinutes(1), throttle.Take("119999"));
    }
}
