using Ticketing.Common;
using Ticketing.Orders;

return await StartUp.Run(() => OrdersApp.Build(args));
