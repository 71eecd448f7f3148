using Ticketing.Web;

WebClient.Build(args).Run();
