using Microsoft.AspNetCore.Http;
using Ticketing.Common;
using Ticketing.Testing;

namespace Ticketing.Hosting.Tests;

public sealed class BrowserCookiesTests
{
    [Theory]
    [InlineData("session=a.b.c", "a.b.c")]
    [InlineData("x=1; session=a.b.c;y=2", "a.b.c")]
    [InlineData("x=\u00e9; session=a.b.c", "a.b.c")]
    [InlineData("=;;;= ; session=a.b.c", "a.b.c")]
    [InlineData("session=; session=a.b.c", "a.b.c")]
    [InlineData("session=nonsense; session=a.b.c; session=d.e.f", "a.b.c")]
    [InlineData("session=a.b", null)]
    [InlineData("session=a.b.", null)]
    [InlineData("session=a.b.c.d", null)]
    [InlineData("session=a.b.c%0A", null)]
    [InlineData("session=\"a.b.c\"", null)]
    [InlineData("session=a.b.c=", null)]
    [InlineData("session=a.b.\u00e9", null)]
    [InlineData("session=a.b.c\t", null)]
    [InlineData("Session=a.b.c", null)]
    [InlineData("xsession=a.b.c", null)]
    [InlineData("", null)]
    public void The_session_is_the_first_cookie_of_its_name_that_is_a_token(string header, string? token) =>
        Assert.Equal(token, BrowserCookies.Session(Request("Cookie", header)));

    [Theory]
    [InlineData("Bearer a.b.c", "a.b.c")]
    [InlineData("bearer a.b.c", "a.b.c")]
    [InlineData("Bearer a.b.c\r\nX: y", null)]
    [InlineData("Basic a.b.c", null)]
    [InlineData("", null)]
    public void A_program_may_say_it_in_a_header(string header, string? token)
    {
        var request = Request("Authorization", header);
        request.Headers.Cookie = "session=other.than.this";
        Assert.Equal(token, BrowserCookies.Session(request));
    }

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
