using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Ticketing.Common;
using Ticketing.Testing;

namespace Ticketing.Fuzz.Tests;

/// <summary>Something that listens, its routes, and what is known of its contents: what the fuzzer needs of it.</summary>
abstract class Suite : IAsyncDisposable
{
    /// <summary>Tickets or orders that are made before the first input.</summary>
    public const int Pool = 240;
    /// <summary>A dead letter that lies in every box.</summary>
    public const string Letter = "letter";

    readonly List<ServiceHost> hosts = [];

    public abstract string Name { get; }
    public virtual Uri Address => hosts[0].Address;
    public ErrorLog Errors { get; } = new();
    public IReadOnlyList<FuzzRoute> Routes { get; private set; } = [];
    /// <summary>Whose turn it is: a route that reads a body, an id or a query comes oftener.</summary>
    public IReadOnlyList<FuzzRoute> Turns => field ??= [.. Routes, .. Routes.Where(IsRich), .. Routes.Where(IsRich)];
    protected IReadOnlyList<ServiceHost> Hosts => hosts;

    /// <summary>Writes so far of anything but the journal, whose entries come and go with nothing changed.</summary>
    public long Changes => hosts.Sum(host => host.Store.Changes);

    public JsonSerializerOptions Json => hosts[0].Services
        .GetRequiredService<IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions>>().Value.SerializerOptions;

    public virtual string Ticket(int number) => $"show{number}";
    public virtual string Order(int number) => $"{Ticket(number)}-1";
    public virtual string Buyer(int number) => "buyer";
    public virtual string Seller(int number) => "seller";

    /// <summary>Who may do what this route does.</summary>
    public virtual string UserOf(FuzzRoute route, int number) => Buyer(number);

    /// <summary>A value this suite knows better than <see cref="Samples"/>; null: it does not.</summary>
    public virtual string? Text(string name, int number) => null;

    /// <summary>A ticket, an order or a person with which this route's example works.</summary>
    public virtual int NumberFor(FuzzRoute route, Random random) => random.Next(Pool);

    /// <summary>What neither metadata nor names tell of a good request to this route.</summary>
    public virtual void Complete(Draft draft, int number) { }

    /// <summary>Sessions per person: as many as inputs, where an input can end one.</summary>
    public virtual int Sessions => 8;

    /// <summary>Also a good request gets no 2xx here, by design.</summary>
    public virtual bool IsNeverReached(FuzzRoute route) => false;

    /// <summary>An answer to a good example that shows that the handler ran.</summary>
    public virtual bool IsReachedBy(FuzzRoute route, int status) => status is >= 200 and < 400
        // Letters that lie here are those that no handler takes.
        || status == 409 && route.Text.Contains("dead-letters", StringComparison.Ordinal);

    /// <summary>To whoever comes this way, it must look as if it were not there.</summary>
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

    /// <summary>What stands for <c>{token:name:session}</c> in a header.</summary>
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
