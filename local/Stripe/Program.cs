using Ticketing.StripeServer;

Server.Build(args).Run();
