using Npgsql;

namespace Ticketing.Tickets;

static class SearchServices
{
    /// <summary>A connection string of Npgsql, from a secret. If it is set, PostgreSQL searches and not the memory.</summary>
    const string Setting = "Tickets:SearchConnection";

    public static void AddTicketSearch(this WebApplicationBuilder builder)
    {
        if (builder.Configuration[Setting] is not { Length: > 0 } connection)
        {
            builder.Services.AddSingleton(new Catalog());
            builder.Services.AddSingleton<ITicketSearch>(provider => provider.GetRequiredService<Catalog>());
            return;
        }
        builder.Services.AddSingleton(new Catalog(isSearched: false));
        builder.Services.AddSingleton(Open(connection));
        builder.Services.AddSingleton<ITicketSearch, PostgresSearch>();
        builder.Services.AddSingleton<PostgresWriter>()
            .AddHostedService(provider => provider.GetRequiredService<PostgresWriter>());
    }

    public static NpgsqlDataSource Open(string connection) => NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(connection) { MaxPoolSize = PostgresSearch.PoolMax, ApplicationName = "tickets" });
}
