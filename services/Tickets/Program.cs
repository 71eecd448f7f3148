using Ticketing.Tickets;

await TicketsApp.Build(args).RunAsync();
