using Ticketing.Common;
using Ticketing.Tickets;

EnvironmentFile.Read();
return await StartUp.Run(() => TicketsApp.Build(args));
