using Ticketing.Contracts;

namespace Ticketing.Hosting.Tests;

/// <summary>Ids, keys and versions in requests are refused unless their characters and length are right.</summary>
public sealed class RequestValuesTests
{
    [Fact]
    public void No_value_lets_a_control_character_or_a_character_beyond_ascii_through()
    {
        foreach (var c in Enumerable.Range(0, 0x21).Concat(Enumerable.Range(0x7F, 0x100)).Select(c => (char)c)
            .Append('\ud800'))
        {
            foreach (var text in (string[])[$"{c}", $"1{c}", $"{c}1", $"1{c}1"])
            {
                Assert.Null(IdempotencyKey.Parse(text));
                Assert.Null(PageCursor.Parse(text));
                Assert.Null(TicketVersion.Parse(text));
                Assert.Null(MessageId.Parse(text));
                Assert.False(TicketId.TryParse(text, null, out _));
                Assert.False(OrderId.TryParse($"a-{text}", null, out _));
            }
        }
    }

    [Theory]
    [InlineData("1", 1L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("9223372036854775808", null)]
    [InlineData("0", null)]
    [InlineData("-1", null)]
    [InlineData("+1", null)]
    [InlineData("1\"", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_version_is_a_positive_number(string? text, long? number) =>
        Assert.Equal(number, TicketVersion.Parse(text)?.Value);

    [Theory]
    [InlineData("orders:t1-1:3", true)]
    [InlineData("..", false)]
    [InlineData("a/b", false)]
    [InlineData("a\\b", false)]
    [InlineData("", false)]
    public void A_message_id_is_no_path(string text, bool isId) =>
        Assert.Equal(isId, MessageId.Parse(text) is not null);

    [Fact]
    public void Each_has_a_length()
    {
        Assert.NotNull(IdempotencyKey.Parse(new('k', IdempotencyKey.LengthMax)));
        Assert.Null(IdempotencyKey.Parse(new('k', IdempotencyKey.LengthMax + 1)));
        Assert.NotNull(PageCursor.Parse(new('k', PageCursor.LengthMax)));
        Assert.Null(PageCursor.Parse(new('k', PageCursor.LengthMax + 1)));
        Assert.NotNull(MessageId.Parse(new('k', MessageId.LengthMax)));
        Assert.Null(MessageId.Parse(new('k', MessageId.LengthMax + 1)));
    }

    [Theory]
    [InlineData("live")]
    [InlineData("mine")]
    public void No_ticket_is_called_like_another_address_of_the_api(string text)
    {
        Assert.False(TicketId.TryParse(text, null, out _));
        Assert.False(OrderId.TryParse($"{text}-1", null, out _));
    }
}
