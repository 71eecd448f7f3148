using Ticketing.Common;
using Ticketing.Orders;

EnvironmentFile.Read();
return await StartUp.Run(() => OrdersApp.Build(args));
