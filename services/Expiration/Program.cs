using Ticketing.Common;
using Ticketing.Expiration;

return await StartUp.Run(() => ExpirationApp.Build(args));
