namespace Ticketing.Run.Tests;

public sealed class SlowStartTests
{
    static readonly AppSpec Spec = new("orders", "/shop/services/Orders", 5003, 3503, 3513, ["run"],
        new Dictionary<string, string>(), [], null, null);
    static readonly Instance Orders = new("orders", Spec, 5003, ["run"], Spec.Env, null);

    [Theory]
    [InlineData("Not ready: store, broker.", "component statestore does not answer")]
    [InlineData("Not ready: broker.", "component pubsub does not answer")]
    [InlineData("subscribing, 2 of 8", "component pubsub has not taken all subscriptions")]
    [InlineData("ended 2 times", "Its process ends")]
    [InlineData("starting", "does not answer yet")]
    public void It_says_what_an_app_waits_for_and_its_last_line(string status, string where)
    {
        var line = SlowStart.Line(Orders, status, "fail: no such host");
        Assert.StartsWith($"orders (http://localhost:5003): {status.TrimEnd('.')}. ", line, StringComparison.Ordinal);
        Assert.Contains(where, line, StringComparison.Ordinal);
        Assert.EndsWith("its last line: fail: no such host", line, StringComparison.Ordinal);
    }

    [Fact]
    public void An_app_that_was_left_out_is_waited_for() => Assert.Contains(
        "Start it: dotnet run --project /shop/services/Orders",
        SlowStart.Line(Orders with { EnvFile = "orders.env" }, "waits for you to start it", null),
        StringComparison.Ordinal);
}
