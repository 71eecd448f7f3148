using Ticketing.Common;
using Ticketing.StripeServer;

return await StartUp.Run(() => Server.Build(args));
