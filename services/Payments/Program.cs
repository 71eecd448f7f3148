using Ticketing.Payments;

PaymentsApp.Build(args).Run();
