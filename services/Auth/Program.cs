using Ticketing.Common;
using Ticketing.Auth;

EnvironmentFile.Read();
return await StartUp.Run(() => AuthApp.Build(args));
