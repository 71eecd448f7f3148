[assembly: AssemblyFixture(typeof(Ticketing.Shop.Tests.Servers))]

namespace Ticketing.Shop.Tests;

/// <summary>One set of real servers for all tests; a test whose server this machine has not is skipped.</summary>
public sealed class Servers : IAsyncDisposable
{
    readonly RealServers _servers = new(Repository.Root);

    /// <inheritdoc cref="RealServers.Of"/>
    public Task<RealServer> Of(string set) => _servers.Of(set);

    /// <inheritdoc cref="RealServers.CleanComponents"/>
    public Task<string> CleanComponents(string set)
    {
        var whyNot = RealServers.WhyNot(set);
        Assert.SkipWhen(whyNot is not null, whyNot ?? "");
        return _servers.CleanComponents(set);
    }

    public ValueTask DisposeAsync() => _servers.DisposeAsync();
}
