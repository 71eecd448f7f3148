using Ticketing.Common;
using Ticketing.Ingress;

return await StartUp.Run(() => Server.Build(args));
