using Ticketing.Expiration;

await ExpirationApp.Build(args).RunAsync();
