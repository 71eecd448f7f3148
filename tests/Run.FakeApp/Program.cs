// An app for the runner's tests: it answers with its arguments and environment, and exits on request.
var app = WebApplication.CreateSlimBuilder(args).Build();
app.MapGet("/health/live", () => "alive");
app.MapGet("/health/ready", () => File.Exists("not-ready") ? Results.Problem(title: "Not ready: store.", statusCode: 503) : Results.Ok());
app.MapGet("/dapr/subscribe", () => Json("subscribe.json", "[]"));
app.MapGet("/dapr/config", () => Json("config.json", "{}"));
app.MapPost("/talk/{lines:int}", (int lines) =>
{
    for (var line = 1; line <= lines; line++) Console.WriteLine($"line {line} of many, of the length that lines have");
});
app.MapGet("/pid", () => Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture));
app.MapGet("/env/{name}", (string name) => Environment.GetEnvironmentVariable(name) ?? "");
app.MapGet("/args", () => string.Join(' ', args));
app.MapPost("/die", () => Environment.Exit(3));
app.MapFallback(() => "here");
app.Run();

static IResult Json(string file, string otherwise) =>
    Results.Text(File.Exists(file) ? File.ReadAllText(file) : otherwise, "application/json");
