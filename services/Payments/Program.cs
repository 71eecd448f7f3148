using Ticketing.Common;
using Ticketing.Payments;

EnvironmentFile.Read();
return await StartUp.Run(() => PaymentsApp.Build(args));
