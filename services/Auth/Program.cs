using Ticketing.Common;
using Ticketing.Auth;

return await StartUp.Run(() => AuthApp.Build(args));
