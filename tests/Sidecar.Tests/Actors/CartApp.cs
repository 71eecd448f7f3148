using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Dapr.Actors.Client;
using Dapr.Actors.Runtime;
using Dapr.Actors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Ticketing.Testing;

namespace Ticketing.Sidecar.Tests.Actors;

public interface ICart : IActor
{
    /// <summary>Reads, waits, writes: wrong unless calls take turns.</summary>
    Task<int> Add(int number);

    Task<int> Total();

    Task Fail(string message);

    Task SetTimer(TimeSpan due, TimeSpan period, string data);

    Task SetReminder(TimeSpan due, TimeSpan period, string data);

    Task<string?> GetReminder();

    Task RemoveReminder();
}

sealed class Cart(ActorHost host, CartJournal journal, ConcurrentDictionary<string, int> totals) : Actor(host), ICart, IRemindable
{
    public async Task<int> Add(int number)
    {
        var total = await Total();
        await Task.Yield();
        return totals[Id.GetId()] = total + number;
    }

    public Task<int> Total() => Task.FromResult(totals.GetValueOrDefault(Id.GetId()));

    public Task Fail(string message) => throw new InvalidOperationException(message);

    public Task SetTimer(TimeSpan due, TimeSpan period, string data) =>
        RegisterTimerAsync("tick", nameof(OnTick), Encoding.UTF8.GetBytes(data), due, period);

    public Task OnTick(byte[] data)
    {
        journal.Add($"timer {Id} {Encoding.UTF8.GetString(data)}");
        return Task.CompletedTask;
    }

    public Task SetReminder(TimeSpan due, TimeSpan period, string data) =>
        RegisterReminderAsync("deadline", Encoding.UTF8.GetBytes(data), due, period);

    public async Task<string?> GetReminder() =>
        await GetReminderAsync("deadline") is { } reminder ? $"{reminder.DueTime} {reminder.Period} {Encoding.UTF8.GetString(reminder.State)}" : null;

    public Task RemoveReminder() => UnregisterReminderAsync("deadline");

    public Task ReceiveReminderAsync(string reminderName, byte[] state, TimeSpan dueTime, TimeSpan period)
    {
        journal.Add($"reminder {Id} {Encoding.UTF8.GetString(state)}");
        return Task.CompletedTask;
    }

    protected override Task OnActivateAsync()
    {
        journal.Add($"activated {Id}");
        return Task.CompletedTask;
    }

    protected override Task OnDeactivateAsync()
    {
        journal.Add($"deactivated {Id}");
        return Task.CompletedTask;
    }
}

/// <summary>What happened to the actors of one app, in order.</summary>
sealed class CartJournal
{
    readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyList<string> Lines => [.. _lines];

    public void Add(string line) => _lines.Enqueue(line);
}

/// <summary>An app with the official actor packages, that expects its sidecar on a port known beforehand.</summary>
sealed class CartApp : IAsyncDisposable
{
    readonly WebApplication _app;

    CartApp(WebApplication app, int port, int sidecarPort) => (_app, Port, SidecarPort) = (app, port, sidecarPort);

    public int Port { get; }

    public int SidecarPort { get; }

    public CartJournal Journal => _app.Services.GetRequiredService<CartJournal>();

    /// <param name="totals">By actor id; replicas share it, as they would share a state store.</param>
    public static async Task<CartApp> StartAsync(
        ConcurrentDictionary<string, int> totals, Action<ActorRuntimeOptions>? with = null, bool json = true)
    {
        var (port, sidecarPort) = (AnyPort.Next(), AnyPort.Next());
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<CartJournal>();
        builder.Services.AddSingleton(totals);
        builder.Services.AddActors(options =>
        {
            options.Actors.RegisterActor<Cart>();
            options.HttpEndpoint = $"http://127.0.0.1:{sidecarPort}/";
            options.UseJsonSerialization = json;
            with?.Invoke(options);
        });
        var app = builder.Build();
        app.MapActorsHandlers();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new CartApp(app, port, sidecarPort);
    }

    public ICart Cart(string id) => _app.Services.GetRequiredService<IActorProxyFactory>().CreateActorProxy<ICart>(new ActorId(id), nameof(Actors.Cart));

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }
}
