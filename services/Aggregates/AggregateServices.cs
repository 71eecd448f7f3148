using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ticketing.Aggregates;

public static class AggregateServices
{
    /// <summary>
    /// Registers the store of one kind of aggregate and, once per process, the worker for its recovery and repeats. An
    /// <see cref="ISidecar"/> must be registered; projections and an <see cref="IEffects{T}"/> may be.
    /// </summary>
    public static IServiceCollection AddAggregate<T>(this IServiceCollection services, JsonTypeInfo<Document<T>> json)
        where T : class, IAggregate<T>
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(Random.Shared);
        services.TryAddSingleton(provider => new AggregateHost(provider.GetRequiredService<ISidecar>(),
            provider.GetRequiredService<Random>(), provider.GetRequiredService<ILoggerFactory>(),
            provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(provider => provider.GetRequiredService<AggregateHost>().Damaged);
        services.AddSingleton(provider => new AggregateStore<T>(provider.GetRequiredService<AggregateHost>(), json,
            provider.GetServices<IProjection<T>>, provider.GetService<IEffects<T>>()));
        services.AddSingleton<IRecoverable>(provider => provider.GetRequiredService<AggregateStore<T>>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, HostWorker>());
        return services;
    }

    /// <summary>The projection receives every state that this process saves.</summary>
    public static IServiceCollection AddProjection<T, TProjection>(this IServiceCollection services)
        where T : class, IAggregate<T>
        where TProjection : class, IProjection<T>
    {
        services.TryAddSingleton<TProjection>();
        return services.AddSingleton<IProjection<T>>(provider => provider.GetRequiredService<TProjection>());
    }

    // The stores are injected so that all of them are registered with the recovery before the first sweep.
    sealed class HostWorker(AggregateHost host, IEnumerable<IRecoverable> stores) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken)
        {
            _ = stores.Count();
            return host.Run(stoppingToken);
        }
    }
}
