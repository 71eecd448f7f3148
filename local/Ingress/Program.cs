using Ticketing.Common;
using Ticketing.Ingress;

// ASP.NET Core would ignore a misspelt option without a word.
switch (args.FirstOrDefault(argument => !argument.StartsWith("--urls", StringComparison.Ordinal)
    && argument.StartsWith('-') && !argument.Contains(':', StringComparison.Ordinal)))
{
    case "--help" or "-h":
        Console.WriteLine("""
            The proxy in front of all services, with the routes of the cluster's Ingress manifest. Settings, as options
            or as environment variables (with __ for each colon):
              --urls http://localhost:8080                     where it listens
              --Ingress:Manifest k8s/base/ingress.yaml         the routes
              --Ingress:Services:orders http://localhost:5003  the addresses of a service, separated by spaces
              --Ingress:Extra:flow http://localhost:5020       the same for a service that is not in the manifest
            """);
        return 0;
    case { } unknown:
        Console.Error.WriteLine($"There is no option {unknown}. All options: --help");
        return 2;
}

return await StartUp.Run(() => Server.Build(args));
