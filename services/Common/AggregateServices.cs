using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ticketing.Common;

public static class AggregateServices
{
    /// <summary>Registers the store of one kind of aggregate, and once per service the journal and its watch.</summary>
    public static IServiceCollection AddAggregate<T>(this IServiceCollection services, JsonTypeInfo<Document<T>> json)
        where T : class, IAggregate<T>
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(Random.Shared);
        services.TryAddSingleton<ISidecar, DaprSidecar>();
        services.TryAddSingleton<Journal>();
        services.TryAddSingleton<Watch>();
        services.AddSingleton(provider => new AggregateStore<T>(provider.GetRequiredService<ISidecar>(),
            provider.GetRequiredService<Journal>(), provider.GetRequiredService<Watch>(), json,
            provider.GetRequiredService<Random>(), provider.GetRequiredService<ILogger<AggregateStore<T>>>(),
            provider.GetRequiredService<TimeProvider>()));
        // The store exists before the first sweep, also when no request has asked for it yet.
        services.AddSingleton<IWatched>(provider => provider.GetRequiredService<AggregateStore<T>>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, WatchWorker>());
        return services;
    }

    sealed class WatchWorker(Watch watch, IEnumerable<IWatched> stores) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken)
        {
            foreach (var store in stores)
                watch.Register(store);
            return watch.Run(stoppingToken);
        }
    }
}
