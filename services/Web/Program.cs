using Ticketing.Common;
using Ticketing.Web;

return await StartUp.Run(() => WebApp.Build(args));
