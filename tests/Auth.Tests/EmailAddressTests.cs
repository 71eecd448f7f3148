namespace Ticketing.Auth.Tests;

public sealed class EmailAddressTests
{
    [Theory]
    [InlineData("ada@example.com", "ada@example.com")]
    [InlineData("  Ada@EXAMPLE.com\t", "ada@example.com")]
    [InlineData("a.d.a+x@example.com", "a.d.a+x@example.com")]
    [InlineData("ada@bücher.example", "ada@xn--bcher-kva.example")]
    [InlineData("ada@BÜCHER.example", "ada@xn--bcher-kva.example")]
    [InlineData("ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example")]
    [InlineData("ada@ｅｘａｍｐｌｅ.com", "ada@example.com")]
    [InlineData("o'brien!#$%&*@sub.example.co.uk", "o'brien!#$%&*@sub.example.co.uk")]
    public void Twins_are_one(string text, string normalized) =>
        Assert.Equal(normalized, EmailAddress.TryParse(text)?.Normalized);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ada")]
    [InlineData("@example.com")]
    [InlineData("ada@")]
    [InlineData("ada@localhost")]
    [InlineData("ada@example..com")]
    [InlineData("ada@-example.com")]
    [InlineData("ada@example.com.")]
    [InlineData("ada@@example.com")]
    [InlineData("a da@example.com")]
    [InlineData("\"ada\"@example.com")]
    [InlineData("аda@example.com")]
    [InlineData("ada@exam\u202eple.com")]
    [InlineData("ada@example.com\r\nBcc: x@example.com")]
    [InlineData("ada@exa_mple.com")]
    [InlineData("<ada@example.com>")]
    public void What_is_no_address_is_none(string? text) =>
        Assert.Null(EmailAddress.TryParse(text));

    [Fact]
    public void Lengths_are_bounded()
    {
        Assert.NotNull(EmailAddress.TryParse($"{new string('a', 64)}@example.com"));
        Assert.Null(EmailAddress.TryParse($"{new string('a', 65)}@example.com"));
        Assert.Null(EmailAddress.TryParse($"a@{string.Concat(Enumerable.Repeat("abcdefgh.", 30))}com"));
    }

    [Fact]
    public void The_key_is_plain_and_the_same_for_twins_only()
    {
        Assert.Matches("^[a-z0-9]{32}$", EmailAddress.TryParse("a||b/../'{}@example.com")!.Key);
        Assert.Equal(EmailAddress.TryParse("ADA@example.com")!.Key, EmailAddress.TryParse("ada@example.com")!.Key);
        Assert.NotEqual(EmailAddress.TryParse("ada@example.com")!.Key, EmailAddress.TryParse("ada@example.org")!.Key);
    }
}
