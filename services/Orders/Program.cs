using Ticketing.Orders;

await OrdersApp.Build(args).RunAsync();
