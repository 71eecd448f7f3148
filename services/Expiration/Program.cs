using Ticketing.Common;
using Ticketing.Expiration;

EnvironmentFile.Read();
return await StartUp.Run(() => ExpirationApp.Build(args));
