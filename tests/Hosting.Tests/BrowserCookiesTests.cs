using Microsoft.AspNetCore.Http;
using Ticketing.Common;
using Ticketing.Testing;

namespace Ticketing.Hosting.Tests;

public sealed class BrowserCookiesTests
{
    [Theory]
    [InlineData("ticketing-session=a.b.c", "a.b.c")]
    [InlineData("x=1; ticketing-session=a.b.c;y=2", "a.b.c")]
    [InlineData("x=\u00e9; ticketing-session=a.b.c", "a.b.c")]
    [InlineData("=;;;= ; ticketing-session=a.b.c", "a.b.c")]
    [InlineData("ticketing-session=; ticketing-session=a.b.c", "a.b.c")]
    [InlineData("ticketing-session=nonsense; ticketing-session=a.b.c; ticketing-session=d.e.f", "a.b.c")]
    [InlineData("ticketing-session=a.b", null)]
    [InlineData("ticketing-session=a.b.", null)]
    [InlineData("ticketing-session=a.b.c.d", null)]
    [InlineData("ticketing-session=a.b.c%0A", null)]
    [InlineData("ticketing-session=\"a.b.c\"", null)]
    [InlineData("ticketing-session=a.b.c=", null)]
    [InlineData("ticketing-session=a.b.\u00e9", null)]
    [InlineData("ticketing-session=a.b.c\t", null)]
    [InlineData("Ticketing-session=a.b.c", null)]
    [InlineData("xticketing-session=a.b.c", null)]
    [InlineData("", null)]
    public void The_session_is_first_the_cookie_of_its_name_that_is_a_token(string header, string? token) =>
        Assert.Equal(token, BrowserCookies.Sessions(Request("Cookie", header)) is [var first, ..] ? first : null);

    [Fact]
    public void A_token_of_this_system_has_the_form_and_one_that_is_too_long_has_not()
    {
        Assert.True(TokenForm.IsToken(TestSessions.Token("somebody", DateTimeOffset.UnixEpoch)));
        Assert.True(TokenForm.IsToken($"{new string('a', SessionToken.BytesMax - 4)}.b.c"));
        Assert.False(TokenForm.IsToken($"{new string('a', SessionToken.BytesMax - 3)}.b.c"));
        Assert.False(TokenForm.IsToken(""));
    }

    static HttpRequest Request(string name, string value)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers[name] = value;
        return request;
    }
}
