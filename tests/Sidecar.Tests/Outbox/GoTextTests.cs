using System.Text;
using Ticketing.Sidecar.Json;

namespace Ticketing.Sidecar.Tests.Outbox;

public sealed class GoTextTests
{
    [Theory]
    [InlineData("""{"a":1,"b":{"c":[true,null,"x y"]}}""", "map[a:1 b:map[c:[true <nil> x y]]]")]
    [InlineData("\"\\u003cx\\u003e\"", "<x>")]
    [InlineData("[]", "[]")]
    [InlineData("{}", "map[]")]
    [InlineData("0", "0")]
    [InlineData("-12.5", "-12.5")]
    [InlineData("999999", "999999")]
    [InlineData("1000000", "1e+06")]
    [InlineData("123456789", "1.23456789e+08")]
    [InlineData("100000000000000000000", "1e+20")]
    [InlineData("1e+21", "1e+21")]
    [InlineData("0.0001", "0.0001")]
    [InlineData("0.000012", "1.2e-05")]
    public void A_value_is_printed_as_go_prints_it(string json, string text) =>
        Assert.Equal(text, GoText.Of(Encoding.UTF8.GetBytes(json)));
}
