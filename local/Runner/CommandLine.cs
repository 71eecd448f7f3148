using System.CommandLine;
using Ticketing.Run.Demo;

namespace Ticketing.Run;

/// <summary>The options and commands of <c>dotnet run --project local/Run --</c>.</summary>
static class CommandLine
{
    const int WrongUsage = 2;

    static readonly RunOptions Default = new();

    static readonly Option<string> File = new("--file")
    {
        Description = "The multi-app run file.", DefaultValueFactory = _ => Default.File,
    };

    static readonly Option<int> Port = new("--port")
    {
        Description = "The port of the shop; 0 takes a free one.", DefaultValueFactory = _ => Default.Port,
    };

    static readonly Option<string> Components = new("--components")
    {
        Description = "A set of components; relative to the run file, like --broker and --data.",
        DefaultValueFactory = _ => Default.Components,
    };

    static readonly Option<string?> Broker = new("--broker")
    {
        Description = "Another set of components, of which only the broker is used.",
    };

    static readonly Option<string> Data = new("--data")
    {
        Description = "The folder of all stored data; it survives Ctrl-C and kill -9.",
        DefaultValueFactory = _ => Default.Data,
    };

    static readonly Option<int?> Hold = new("--hold") { Description = "Seconds a purchase holds a ticket (900)." };

    static readonly Option<bool> SeedDemo = new("--seed-demo")
    {
        Description = "Makes accounts, listings, purchases and a refund to look at.",
    };

    static readonly Option<int?> Chaos = new("--chaos")
    {
        Description = "Seed of delivery faults: events duplicated, delayed, reordered, failed, never delivered.",
    };

    static readonly Option<int> Replicas = new("--replicas")
    {
        Description = "Instances of each service.", DefaultValueFactory = _ => Default.Replicas,
    };

    static readonly Option<bool> AnyPorts = new("--any-ports")
    {
        Description = "Free ports for everything but --port: a second shop on this machine.",
    };

    static readonly Option<string[]> LeaveOut = new("--leave-out")
    {
        Description = "An app that you start yourself, as in a debugger: its sidecar runs and waits for it.",
        HelpName = "app", DefaultValueFactory = _ => [],
    };

    static readonly Option<string[]> Watch = new("--watch")
    {
        Description = "An app that is built and started again when its sources change.",
        HelpName = "app", DefaultValueFactory = _ => [],
    };

    /// <summary>Ends with 0, with 1 if something failed, and with 2 if the command line is wrong.</summary>
    public static async Task<int> Run(string[] args, CancellationToken ct)
    {
        var parsed = Root().Parse(args);
        if (parsed.Errors is [var mistake, ..])
        {
            await Console.Error.WriteLineAsync($"{mistake.Message} All options: --help");
            return WrongUsage;
        }

        // The caller handles signals: the library would end the process before the apps have ended.
        return await parsed.InvokeAsync(
            new() { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false }, ct);
    }

    public static RootCommand Root()
    {
        Port.Validators.Add(port => Between(port, 0, 65535));
        Hold.Validators.Add(hold => Between(hold, 1, 24 * 3600));
        Replicas.Validators.Add(replicas => Between(replicas, 1, 5));
        var root = new RootCommand("Starts the whole shop on this machine.");
        Option[] all = [File, Port, Components, Broker, Data, Hold, SeedDemo, Chaos, Replicas, AnyPorts, LeaveOut, Watch];
        foreach (var option in all)
        {
            option.Recursive = true;
            root.Options.Add(option);
        }

        root.SetAction((parsed, ct) => Runner.Run(OptionsOf(parsed), ct));
        var demo = new Command("demo", "Runs a purchase step by step, against a running shop or one of its own.");
        demo.SetAction((parsed, ct) => DemoCommand.Run(OptionsOf(parsed), ct));
        root.Subcommands.Add(demo);
        return root;
    }

    static RunOptions OptionsOf(ParseResult parsed) => new()
    {
        File = parsed.GetValue(File)!,
        Port = parsed.GetValue(Port),
        Components = parsed.GetValue(Components)!,
        Broker = parsed.GetValue(Broker),
        Data = parsed.GetValue(Data)!,
        Hold = parsed.GetValue(Hold),
        SeedDemo = parsed.GetValue(SeedDemo),
        Chaos = parsed.GetValue(Chaos),
        Replicas = parsed.GetValue(Replicas),
        AnyPorts = parsed.GetValue(AnyPorts),
        LeaveOut = parsed.GetValue(LeaveOut)!,
        Watch = parsed.GetValue(Watch)!,
    };

    static void Between(System.CommandLine.Parsing.OptionResult option, int least, int most)
    {
        if (option.Tokens is [var token] && int.TryParse(token.Value, out var given) && (given < least || given > most))
            option.AddError($"{option.Option.Name} must lie between {least} and {most}.");
    }
}
