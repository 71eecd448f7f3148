namespace Ticketing.Web.Tests;

public sealed class ReturnPathTests
{
    [Theory]
    [InlineData(null, "/")]
    [InlineData("", "/")]
    [InlineData("/", "/")]
    [InlineData("/orders/t1-1?paying=true", "/orders/t1-1?paying=true")]
    [InlineData("/?q=a/b//c", "/?q=a/b//c")]
    [InlineData("/é", "/é")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("/a\\b", "/")]
    [InlineData("/\t/evil.example", "/")]
    [InlineData("/\n/evil.example", "/")]
    [InlineData("/\r\nSet-Cookie: a=b", "/")]
    [InlineData("/\0", "/")]
    [InlineData("/\u007f", "/")]
    [InlineData("/\u0085/evil.example", "/")]
    [InlineData(" /orders", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData("javascript:alert(1)", "/")]
    public void It_is_a_path_of_this_site_or_the_start(string? given, string expected) =>
        Assert.Equal(expected, ReturnPath.Of(given).Value);

    [Fact]
    public void It_is_bounded()
    {
        Assert.Equal(2_000, ReturnPath.Of("/" + new string('a', 1_999)).Value.Length);
        Assert.Equal(ReturnPath.Home, ReturnPath.Of("/" + new string('a', 2_000)));
    }

    [Theory]
    [InlineData("/orders?after=a%20b", "/orders?after=a%20b")]
    [InlineData("/é", "/%C3%A9")]
    [InlineData("/a b", "/a%20b")]
    [InlineData("/🎫", "/%F0%9F%8E%AB")]
    [InlineData("/a\r\nb", "/a%0D%0Ab")]
    public void A_header_gets_it_in_ascii(string path, string expected) => Assert.Equal(expected, ReturnPath.ToAscii(path));

    [Fact]
    public void Half_a_character_is_written_as_the_sign_for_one_that_is_unknown() =>
        Assert.Equal("/%EF%BF%BD", ReturnPath.ToAscii("/\ud800"));
}
