// An app for the runner's tests: it answers with its arguments and environment, and exits on request.
var app = WebApplication.CreateSlimBuilder(args).Build();
app.MapGet("/health/live", () => "alive");
app.MapGet("/health/ready", () => File.Exists("not-ready") ? Results.Problem(title: "Not ready: store.", statusCode: 503) : Results.Ok());
app.MapGet("/dapr/subscribe", () => Array.Empty<string>());
app.MapGet("/pid", () => Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture));
app.MapGet("/env/{name}", (string name) => Environment.GetEnvironmentVariable(name) ?? "");
app.MapGet("/args", () => string.Join(' ', args));
app.MapPost("/die", () => Environment.Exit(3));
app.MapFallback(() => "here");
app.Run();
