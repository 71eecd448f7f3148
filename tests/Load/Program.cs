using Ticketing.Load;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

const string usage = """
    Measures, prints a table, and writes it into docs/measurements.md:
      shop      what the whole shop takes and does: start, memory, purchases, latencies
      pages     what a visitor feels on a phone, and what the server does with many of them
      sidecar   what the embedded sidecar costs, as a ratio to a plain forwarding hop
    Takes the pictures of the README:
      pictures  docs/pictures/shop.png and flow.png, from a shop of its own with listings and a purchase
    """;

switch (args)
{
    case ["shop"]:
        return await ShopBenchmark.Run(stop.Token);
    case ["pages"]:
        return await PagesBenchmark.Run(stop.Token);
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
