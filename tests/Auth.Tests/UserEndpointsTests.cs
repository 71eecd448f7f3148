using System.Net;
using Ticketing.Contracts;
using Ticketing.Testing;

namespace Ticketing.Auth.Tests;

public sealed class UserEndpointsTests : IAsyncLifetime
{
    AuthHost auth = null!;

    public async ValueTask InitializeAsync() => auth = await AuthHost.Open();
    public ValueTask DisposeAsync() => auth.DisposeAsync();

    [Fact]
    public async Task Who_signs_up_is_signed_in()
    {
        var up = await auth.SignUp(" Ada@Example.com ");
        Reply.Is(201, null, up);
        Assert.Equal("Ada@Example.com", up.Json.GetProperty("email").GetString());
        Assert.True(UserId.TryParse(up.Json.GetProperty("id").GetString(), null, out _));
        var me = await auth.Me(up.Session);
        Reply.Is(200, null, me);
        Assert.Equal(up.Body, me.Body);
    }

    [Fact]
    public async Task The_same_token_is_good_as_a_bearer()
    {
        var up = await auth.SignUp("ada@example.com");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/users/me");
        request.Headers.Authorization = new("Bearer", up.Session.Split('=')[1]);
        Assert.Equal(HttpStatusCode.OK, (await auth.Host.Anonymous.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task An_address_has_one_account_however_it_is_typed()
    {
        await auth.SignUp("ada@example.com");
        Reply.Is(409, "email-in-use", await auth.SignUp("ADA@EXAMPLE.COM", "another password"));
        Reply.Is(200, null, await auth.SignIn(" Ada@example.COM"));
        Reply.Is(201, null, await auth.SignUp("a.da@example.com"));
        Reply.Is(201, null, await auth.SignUp("ada+tickets@example.com"));
    }

    [Fact]
    public async Task Two_who_sign_up_with_one_address_at_once_get_one_account()
    {
        var replies =
            await Task.WhenAll(Enumerable.Range(0, 8).Select(i => auth.SignUp("ada@example.com", $"password {i}")));
        Assert.Single(replies, reply => reply.Status == 201);
        Assert.Equal(7, replies.Count(reply => reply.Status == 409));
        var winner = Array.FindIndex(replies, reply => reply.Status == 201);
        Reply.Is(200, null, await auth.SignIn("ada@example.com", $"password {winner}"));
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_address_are_told_the_same()
    {
        await auth.SignUp("ada@example.com");
        var wrong = await auth.SignIn("ada@example.com", "wrong password");
        var unknown = await auth.SignIn("nobody@example.com", "wrong password");
        Reply.Is(401, "bad-credentials", wrong);
        Reply.Is(401, "bad-credentials", unknown);
        Assert.Equal(wrong.Json.GetProperty("title").GetString(), unknown.Json.GetProperty("title").GetString());
        Assert.Empty(wrong.SetCookies);
        Assert.Empty(unknown.SetCookies);
    }

    [Theory]
    [InlineData("ada@example.com", 7, 400)]
    [InlineData("ada@example.com", 8, 201)]
    [InlineData("ada@example.com", 128, 201)]
    [InlineData("ada@example.com", 129, 400)]
    [InlineData("nonsense", 8, 400)]
    [InlineData("", 8, 400)]
    public async Task A_password_has_8_to_128_characters(string email, int characters, int status)
    {
        // One character each, though two chars in UTF-16.
        var reply = await auth.SignUp(email, string.Concat(Enumerable.Repeat("🎫", characters)));
        Reply.Is(status, status == 400 ? "invalid" : null, reply);
        if (status == 400)
            Assert.Equal(email.Contains('@', StringComparison.Ordinal) ? "password" : "email",
                Assert.Single(reply.Json.GetProperty("errors").EnumerateObject()).Name);
    }

    [Fact]
    public async Task A_password_that_is_too_long_is_told_its_length()
    {
        foreach (var reply in new[]
                 {
                     await auth.SignUp("ada@example.com", new string('a', 140)),
                     await auth.SignIn("ada@example.com", new string('a', 140)),
                 })
            Assert.Equal("At most 128 characters: yours has 140.",
                reply.Json.GetProperty("errors").GetProperty("password")[0].GetString());
    }

    [Fact]
    public async Task Every_character_of_a_password_counts_and_accents_count_however_typed()
    {
        var shared = new string('a', 72);
        await auth.SignUp("ada@example.com", shared + "b");
        Reply.Is(401, null, await auth.SignIn("ada@example.com", shared + "c"));
        Reply.Is(401, null, await auth.SignIn("ada@example.com", shared));
        await auth.SignUp("bob@example.com", "caf\u00e9 au lait");
        Reply.Is(200, null, await auth.SignIn("bob@example.com", "cafe\u0301 au lait"));
    }

    [Fact]
    public async Task Signing_out_ends_the_session_everywhere_and_twice_is_once()
    {
        var up = await auth.SignUp("ada@example.com");
        var elsewhere = await auth.SignIn("ada@example.com");
        var away = await auth.SignOut(up.Session);
        Reply.Is(204, null, away);
        Assert.True(IsForgotten(away), string.Join('\n', away.SetCookies));
        Reply.Is(401, "unauthenticated", await auth.Me(up.Session));
        Reply.Is(200, null, await auth.Me(elsewhere.Session));
        Reply.Is(204, null, await auth.SignOut(up.Session));
        Reply.Is(204, null, await auth.SignOut(null));
        Assert.True(IsForgotten(await auth.SignOut("ticketing-session=nonsense")));

        await Eventually.Is(() => auth.Host.Sidecar.Published.Count > 0);
        var told = Assert.Single(auth.Host.Sidecar.Published);
        Assert.Equal((Topics.Sessions, SessionEvents.Revoked), (told.Topic, told.Type));
    }

    // The session cookie is cleared under both names.
    static bool IsForgotten(Reply reply) => new[] { "__Host-session", "ticketing-session" }.All(name =>
        reply.SetCookies.Any(cookie => cookie.StartsWith($"{name}=;", StringComparison.Ordinal)
            && cookie.Contains("expires=Thu, 01 Jan 1970", StringComparison.OrdinalIgnoreCase)));

    [Fact]
    public async Task The_cookie_of_an_older_release_is_forgotten_too_and_those_of_other_programs_are_not()
    {
        var token = (await auth.SignUp("ada@example.com")).Session.Split('=')[1];
        Assert.Equal(3, (await auth.SignOut($"session={token}")).SetCookies.Count);
        Assert.Equal(2, (await auth.SignOut("session=of-another-program")).SetCookies.Count);
    }

    [Fact]
    public async Task A_sign_out_that_is_not_durable_is_not_answered_with_yes()
    {
        var up = await auth.SignUp("ada@example.com");
        auth.Host.Sidecar.Script = call => call.Operation == Operation.Save ? Accident.FailBefore : Accident.None;
        var failed = await auth.SignOut(up.Session);
        Reply.Is(503, "unavailable", failed);
        Assert.True(IsForgotten(failed));
        auth.Host.Sidecar.Script = _ => Accident.None;
        Reply.Is(200, null, await auth.Me(up.Session));
        Reply.Is(204, null, await auth.SignOut(up.Session));
    }

    [Fact]
    public async Task Nothing_secret_is_logged_or_published_or_stored()
    {
        var up = await auth.SignUp("ada@example.com");
        await auth.SignIn("ada@example.com");
        await auth.SignIn("ada@example.com", "mistyped secret");
        await auth.SignOut(up.Session);
        var said = auth.Host.Logs.All.Concat(auth.Host.Sidecar.Published.Select(e => $"{e}"))
            .Concat(auth.Host.Store.Keys.Select(key =>
                System.Text.Encoding.UTF8.GetString(auth.Host.Store.Get(key)!.Value.Value.Span)));
        foreach (var line in said)
        {
            Assert.DoesNotContain(AuthHost.Password, line, StringComparison.Ordinal);
            Assert.DoesNotContain("mistyped secret", line, StringComparison.Ordinal);
            Assert.DoesNotContain(up.Session.Split('.')[^1], line, StringComparison.Ordinal);
        }
    }
}
