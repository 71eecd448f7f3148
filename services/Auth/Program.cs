using Ticketing.Auth;

AuthApp.Build(args).Run();
