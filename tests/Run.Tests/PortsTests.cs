using System.Net;
using System.Net.Sockets;

namespace Ticketing.Run.Tests;

/// <summary>Whether the ports can be listened on, with what each kind of machine answers to an attempt.</summary>
public sealed class PortsTests
{
    const string Taken = "Port 80 (shop) is taken by another program.";
    const string Kept = "Port 80 (shop) is kept by the system and may not be used by this user.";

    [Theory]   // what 127.0.0.1 and ::1 answer
    [InlineData(SocketError.Success, SocketError.Success, null)]
    [InlineData(SocketError.AddressAlreadyInUse, SocketError.Success, Taken)]
    [InlineData(SocketError.Success, SocketError.AddressAlreadyInUse, Taken)]
    // Containers without IPv6: disabled by sysctl, or not in the kernel.
    [InlineData(SocketError.Success, SocketError.AddressNotAvailable, null)]
    [InlineData(SocketError.Success, SocketError.AddressFamilyNotSupported, null)]
    // Below 1024 on Linux; WSAEACCES for a range that Windows has reserved.
    [InlineData(SocketError.AccessDenied, SocketError.AccessDenied, Kept)]
    [InlineData(SocketError.TooManyOpenSockets, SocketError.Success, "Port 80 (shop) cannot be listened on (TooManyOpenSockets).")]
    public void A_port_that_cannot_be_used_is_named(SocketError four, SocketError six, string? message)
    {
        var found = Ports.Unusable([Shop("shop", 80)],
            (address, _) => address.AddressFamily == AddressFamily.InterNetwork ? four : six);
        Assert.Equal(message is null ? [] : [message], found);
    }

    [Fact]
    public void A_port_that_two_apps_want_is_named() => Assert.Equal(
        ["Port 5001 is wanted by auth and ingress."],
        Ports.Unusable([Shop("auth", 5001), Shop("ingress", 5001)], (_, _) => SocketError.Success));

    [Fact]
    public void A_port_in_use_is_found_on_either_address()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        Assert.Equal([$"Port {port} (shop) is taken by another program."], Ports.Unusable([Shop("shop", port)]));
    }

    static Instance Shop(string name, int port)
    {
        var app = new AppSpec(name, "/", port, 0, 0, ["run"], new Dictionary<string, string>(), [], null, null);
        return new(name, app, port, app.Command, app.Env, Sidecar: null);
    }
}
