using Ticketing.Common;
using Ticketing.Payments;

return await StartUp.Run(() => PaymentsApp.Build(args));
