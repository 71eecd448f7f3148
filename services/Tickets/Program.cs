using Ticketing.Tickets;

TicketsApp.Build(args).Run();
