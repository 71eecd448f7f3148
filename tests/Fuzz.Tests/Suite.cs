using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Ticketing.Common;
using Ticketing.Testing;

namespace Ticketing.Fuzz.Tests;

/// <summary>A host to be fuzzed: its routes, its test data, and what is expected of it.</summary>
abstract class Suite : IAsyncDisposable
{
    /// <summary>The number of tickets or orders that are created before the first input.</summary>
    public const int Pool = 240;
    /// <summary>The id of a dead letter that every host has.</summary>
    public const string Letter = "letter";

    readonly List<ServiceHost> hosts = [];

    public abstract string Name { get; }
    public virtual Uri Address => hosts[0].Address;
    public ErrorLog Errors { get; } = new();
    public IReadOnlyList<FuzzRoute> Routes { get; private set; } = [];
    /// <summary>
    /// The routes in the order of their turns; one that reads a body, an id or a query comes more often.
    /// </summary>
    public IReadOnlyList<FuzzRoute> Turns => field ??= [.. Routes, .. Routes.Where(IsRich), .. Routes.Where(IsRich)];
    protected IReadOnlyList<ServiceHost> Hosts => hosts;

    /// <summary>
    /// Writes so far, except to the journal, whose entries are written and removed even if nothing changes.
    /// </summary>
    public long Changes => hosts.Sum(host => host.Store.Changes);

    public JsonSerializerOptions Json => hosts[0].Services
        .GetRequiredService<IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions>>().Value.SerializerOptions;

    public virtual string Ticket(int number) => $"show{number}";
    public virtual string Order(int number) => $"{Ticket(number)}-1";
    public virtual string Buyer(int number) => "buyer";
    public virtual string Seller(int number) => "seller";

    /// <summary>The user who may call this route.</summary>
    public virtual string UserOf(FuzzRoute route, int number) => Buyer(number);

    /// <summary>A valid value for this suite; null: use <see cref="Samples"/>.</summary>
    public virtual string? Text(string name, int number) => null;

    /// <summary>A ticket, an order or a person with which this route's example works.</summary>
    public virtual int NumberFor(FuzzRoute route, Random random) => random.Next(Pool);

    /// <summary>Completes a valid request by what neither metadata nor names tell.</summary>
    public virtual void Complete(RequestDraft draft, int number) { }

    /// <summary>Sessions per user: one per input where an input can end a session.</summary>
    public virtual int Sessions => 8;

    /// <summary>Even a valid request gets no 2xx here, by design.</summary>
    public virtual bool IsNeverReached(FuzzRoute route) => false;

    /// <summary>Whether the response to a valid example shows that the handler ran.</summary>
    public virtual bool IsReachedBy(FuzzRoute route, int status) => status is >= 200 and < 400
        // The dead letters here are those that no handler accepts.
        || status == 409 && route.Text.Contains("dead-letters", StringComparison.Ordinal);

    /// <summary>The route must answer 404 to these callers, as if it did not exist.</summary>
    public virtual bool IsHidden(FuzzRoute route) => false;

    /// <summary>It serves pages, and its forms are sent as browsers send them.</summary>
    public virtual bool IsForBrowsers => false;

    /// <summary>The fields of all the forms on its pages.</summary>
    public virtual IReadOnlyList<string> FormFields => [];

    public async Task Start()
    {
        await Open();
        Routes = Listed();
        foreach (var host in hosts)
            await host.Deliver($"/events/{host.Services.GetRequiredService<AppId>().Value}.dead",
                new StringContent($$"""{"id":"{{Letter}}","topic":"nowhere"}"""));
    }

    protected virtual IReadOnlyList<FuzzRoute> Listed() =>
        [.. hosts.SelectMany(host => FuzzRoute.Of(host.Services.GetRequiredService<EndpointDataSource>()))];

    bool IsRich(FuzzRoute route) => !IsHidden(route)
        && (!route.IsSafe && !route.Text.Contains(".dead", StringComparison.Ordinal)
        || !route.IsGuarded && (route.Pattern.Parameters.Count > 0 || route.QueryParameters.Any()));

    protected abstract Task Open();

    /// <summary>The token for <c>{token:name:session}</c> in a header.</summary>
    public virtual Task<string> Token(string user, string session)
    {
        var now = hosts[0].Clock.GetUtcNow();
        var token = TestSessions.Good(user, now, session);
        token.Claims["auth_time"] = now.ToUnixTimeSeconds();
        if (user == "operator")
            token.Claims["role"] = "operator";
        return Task.FromResult(TestSessions.Sign(token));
    }

    protected async Task<ServiceHost> Add(Func<string[], Action<WebApplicationBuilder>?, WebApplication> build,
        Action<WebApplicationBuilder>? configure, params string[] args)
    {
        var host = await ServiceHost.Start(build, builder =>
        {
            builder.Logging.ClearProviders().AddProvider(Errors).SetMinimumLevel(LogLevel.Information)
                .AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning);
            configure?.Invoke(builder);
        }, args: ["--RateLimits:Multiplier=100000", .. args]);
        hosts.Add(host);
        return host;
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var host in hosts.AsEnumerable().Reverse())
            await host.DisposeAsync();
    }
}
