using Ticketing.Common;
using Ticketing.StripeServer;

if (args is ["--help" or "-h"])
{
    Console.WriteLine(Settings.Usage);
    return 0;
}

try
{
    Settings.CheckOptions(args);
}
catch (FormatException mistake)
{
    Console.Error.WriteLine(mistake.Message);
    return 2;
}

return await StartUp.Run(() => Server.Build(args));
