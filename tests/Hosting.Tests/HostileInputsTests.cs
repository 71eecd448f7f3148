using System.Diagnostics;
using System.Net.Sockets;
using Ticketing.Testing;

namespace Ticketing.Hosting.Tests;

public sealed class HostileInputsTests(NotesFixture fixture) : IClassFixture<NotesFixture>
{
    public static TheoryData<HostileRoute> Routes =>
    [
        new HostileRoute("GET", "/api/notes/mine"),
        new HostileRoute("GET", "/api/notes/abc") { Id = "abc", NeedsUser = false },
        new HostileRoute("POST", "/api/notes/private", """{"title":"a","price":5}"""),
    ];

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task No_hostile_input_gets_through(HostileRoute route) =>
        Assert.Equal([], await HostileInputs.Attack(fixture.Host, route));

    [Fact]
    public async Task The_attack_finds_what_is_wrong()
    {
        var route = new HostileRoute("POST", "/api/notes/weak", """{"title":"a","price":5}""");
        var found = await HostileInputs.Attack(fixture.Host, route);
        foreach (var fault in (string[])["G17 60 KB in title: not refused", "G34 nobody: not refused",
            "G35 alg none: not refused",
            "G23/G24 a||b in title: a 5xx", "G18/G20 -1 in price: no problem body",
            "G19 null in price: it changed something"])
            Assert.Contains(found, line => line.Contains(fault, StringComparison.Ordinal));
        Assert.True(HostileInputs.Of(route, fixture.Host, "mallory").Count > 200);
    }

    [Fact]
    public async Task A_body_that_drips_is_cut_off()
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(fixture.Host.Address.Host, fixture.Host.Address.Port);
        var stream = connection.GetStream();
        string[] head = ["POST /api/notes HTTP/1.1", "Host: a", "Content-Type: application/json", "Content-Length: 99"];
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(string.Join("\r\n", [.. head, "", "{"])));
        var waited = Stopwatch.StartNew();
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
        Assert.True(waited.Elapsed < TimeSpan.FromSeconds(15), $"{waited.Elapsed}");
    }
}
