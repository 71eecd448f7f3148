using Ticketing.Run.Demo;

namespace Ticketing.Run;

/// <summary>What the runner prints once the shop is ready.</summary>
static class Guide
{
    public const string Pages = """
          /         the shop                          /docs     the API and the events, described
          /flow     the events, as they happen        /status   which services work
          /console  for operators: dead letters, the audit log

        """;

    public static string Seeded(SeedResult made) => $"""
        --seed-demo: {made.Listings} listings, {made.Sold} sold, {made.Held} held, {made.Refunded} refunded.
          password of every account: {Seed.Password}
          {Seed.Buyer,-28} has bought, holds a ticket, was refunded
          {Seed.Sellers[0],-28} and {Seed.Sellers.Length - 1} more sell
          {Seed.Operator,-28} sees the console
          cards (any date to come, any code): 4242 4242 4242 4242 pays
            declined      4000 0000 0000 0002, for want of money 4000 0000 0000 9995
            3-D Secure    4000 0000 0000 3220
        """;
}
