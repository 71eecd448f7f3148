using System.Globalization;
using Ticketing.Load;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

const string usage = """
    Measures, prints a table, and writes it into docs/performance.md:
      start                      what one command costs on a laptop: until ready, memory, at rest, the first minute
      shop [SET] [--beside COMMIT]
                                 whole purchases a second on each set of components, or on one (embedded, redis,
                                 postgres); beside another commit's build, in turns
      crowd                      a thousand buyers of one ticket
      orders                     orders placed a second, beside pgbench
      due [HOLDS]                many holds that end together (10,000)
      overload                   ten times what the shop can do
      browse [LISTINGS]          a shop with many listings (100,000)
      growth                     a purchase with more listings, held tickets, live streams
      pages                      what a visitor feels on a phone, and what the server does with many of them
      search                     a million listings: the catalog in memory beside PostgreSQL's text search
      sidecar                    what the embedded sidecar costs, as a ratio to a plain forwarding hop
    Takes the pictures of the README:
      pictures                   docs/pictures/shop.png and flow.png, from a shop of its own with listings and a purchase
    """;

switch (args)
{
    case ["start"]:
        return await StartBenchmark.Run(stop.Token);
    case ["shop"]:
        return await PurchaseBenchmark.Run(before: null, only: null, stop.Token);
    case ["shop", "--beside", var commit]:
        return await PurchaseBenchmark.Run(commit, only: null, stop.Token);
    case ["shop", var set]:
        return await PurchaseBenchmark.Run(before: null, set, stop.Token);
    case ["shop", var set, "--beside", var commit]:
        return await PurchaseBenchmark.Run(commit, set, stop.Token);
    case ["crowd"]:
        return await CrowdBenchmark.Run(stop.Token);
    case ["orders"]:
        return await OrdersBenchmark.Run(stop.Token);
    case ["due"]:
        return await DueBenchmark.Run(10_000, stop.Token);
    case ["due", var holds] when int.TryParse(holds, CultureInfo.InvariantCulture, out var count):
        return await DueBenchmark.Run(count, stop.Token);
    case ["overload"]:
        return await OverloadBenchmark.Run(stop.Token);
    case ["browse"]:
        return await BrowseBenchmark.Run(100_000, stop.Token);
    case ["browse", var listings] when int.TryParse(listings, CultureInfo.InvariantCulture, out var count):
        return await BrowseBenchmark.Run(count, stop.Token);
    case ["growth"]:
        return await GrowthBenchmark.Run(stop.Token);
    case ["pages"]:
        return await PagesBenchmark.Run(stop.Token);
    case ["search"]:
        return await SearchBenchmark.Run(stop.Token);
    case ["sidecar"]:
        return await SidecarBenchmark.Run(stop.Token);
    case ["pictures"]:
        return await Pictures.Run(stop.Token);
    case ["app", var url]:
        await Hop.RunApp(url, stop.Token);
        return 0;
    case ["forwarder", var url, var to]:
        await Hop.RunForwarder(url, new Uri(to), stop.Token);
        return 0;
    case ["--help" or "-h"]:
        Console.WriteLine(usage);
        return 0;
    default:
        Console.Error.WriteLine($"\"{string.Join(' ', args)}\" is no command. All commands: --help");
        return 2;
}
