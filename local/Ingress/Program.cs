using Ticketing.Ingress;

Server.Build(args).Run();
