using Ticketing.Common;
using Ticketing.Web;

EnvironmentFile.Read();
return await StartUp.Run(() => WebApp.Build(args));
