using System.Net;
using Ticketing.Common;

namespace Ticketing.Hosting.Tests;

public sealed class AddressBlockTests
{
    [Theory]
    [InlineData("1.2.3.4", "1.2.3.4")]
    [InlineData("::ffff:1.2.3.4", "1.2.3.4")]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:1::/64")]
    [InlineData("2001:db8:0:1:ffff:ffff:ffff:ffff", "2001:db8:0:1::/64")]
    [InlineData("2001:db8:0:2::1", "2001:db8:0:2::/64")]
    [InlineData("fe80::1%3", "fe80::/64")]
    [InlineData("::1", "::/64")]
    public void An_address_belongs_to_one_block(string address, string block) =>
        Assert.Equal(block, AddressBlock.Of(IPAddress.Parse(address)).ToString());

    [Fact]
    public void Blocks_are_compared_by_value_and_an_unknown_address_has_one_too()
    {
        Assert.Equal(AddressBlock.Of(IPAddress.Parse("2001:db8::1")), AddressBlock.Of(IPAddress.Parse("2001:db8::2")));
        Assert.NotEqual(AddressBlock.Of(IPAddress.Parse("1.1.1.1")), AddressBlock.Of(IPAddress.Parse("1.1.1.2")));
        Assert.Equal("unknown", AddressBlock.Of(null).ToString());
    }
}
