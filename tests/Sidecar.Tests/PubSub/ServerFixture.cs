using Ticketing.Testing;


namespace Ticketing.Sidecar.Tests.PubSub;

/// <summary>The server of one class of tests, started by the first that needs it.</summary>
/// <param name="whyNot">Why this machine has none, or null.</param>
public abstract class ServerFixture(Func<Task<RealServer>> start, string? whyNot) : IAsyncDisposable
{
    readonly Lazy<Task<RealServer>> _server = new(start);

    internal Task<RealServer> GetAsync()
    {
        Assert.SkipWhen(whyNot is not null, whyNot ?? "");
        return _server.Value;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated && _server.Value.IsCompletedSuccessfully) await (await _server.Value).DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
