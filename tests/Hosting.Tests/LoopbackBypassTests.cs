using System.Net;
using Ticketing.Common;
using Ticketing.Testing;

namespace Ticketing.Hosting.Tests;

/// <summary>A proxy that the user has configured for the internet.</summary>
public sealed class LoopbackBypassTests
{
    static readonly Uri Proxy = new("http://proxy.example:3128");

    readonly LoopbackBypass bypass = new(new WebProxy(Proxy, BypassOnLocal: false, BypassList: [@"\.intern$"]));

    [Theory]
    [InlineData("http://localhost:3501/v1.0/healthz")]
    [InlineData("http://127.0.0.1:3511/dapr.proto.runtime.v1.Dapr/GetState")]
    [InlineData("http://[::1]:5010/v1/payment_intents")]
    [InlineData("https://localhost/")]
    public void This_machine_is_reached_without_it(string address)
    {
        Assert.True(bypass.IsBypassed(new(address)));
        Assert.Null(bypass.GetProxy(new(address)));
    }

    [Fact]
    public void Stripe_is_reached_through_it()
    {
        Assert.False(bypass.IsBypassed(new("https://api.stripe.com/v1/refunds")));
        Assert.Equal(Proxy, bypass.GetProxy(new("https://api.stripe.com/v1/refunds")));
    }

    [Fact]
    public void What_the_user_has_excepted_stays_so() => Assert.True(bypass.IsBypassed(new("http://stripe.intern/v1")));

    // Dapr's packages make clients of their own, which no handler of ours is in.
    [Fact]
    public async Task It_is_there_for_every_client_of_a_service()
    {
        await using var host = await ServiceHost.Start(NotesApp.Build);
        Assert.IsType<LoopbackBypass>(HttpClient.DefaultProxy);
    }
}
