using Ticketing.Common;
using Ticketing.Tickets;

return await StartUp.Run(() => TicketsApp.Build(args));
