using Ticketing.Web;

WebApp.Build(args).Run();
