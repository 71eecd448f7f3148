using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Ticketing.Run.Tests;

/// <summary>The whole shop without one service, which is started as docs/running.md describes.</summary>
public sealed class LeftOutTests : IDisposable
{
    static readonly string EnvFile = LeftOutFile.Of(Repository.Root, "orders");
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    readonly string data = Directory.CreateTempSubdirectory("left-out-").FullName;

    public void Dispose() => Directory.Delete(data, recursive: true);

    [Fact]
    public async Task A_service_that_is_left_out_can_be_started_stopped_and_started_again()
    {
        await using (var runner = RunnerProcess.Start("--file", Repository.At("dapr.yaml"), "--any-ports",
            "--port", "0", "--data", data, "--leave-out", "orders"))
        {
            await runner.WaitForLine("orders is left out: start it with `dotnet run --project");
            await runner.WaitForLine("orders     | waits for you to start it");
            Assert.Empty(ProcessTree.Find(runner.Id, "Ticketing.Orders.dll"));

            Uri shop;
            using (StartOrders())
            {
                shop = await runner.Ready();
                await Send(shop, signUps: 2);
            }

            using (StartOrders())
                await Send(shop, signUps: 0);
            runner.Signal("INT");
            Assert.Equal(0, await runner.Ends());
        }

        Assert.False(File.Exists(EnvFile));
    }

    /// <summary>Every request of shop.http is answered as its title says.</summary>
    /// <param name="signUps">How many people have no account yet.</param>
    static async Task Send(Uri shop, int signUps)
    {
        var file = HttpFile.Read(Repository.At("shop.http"));
        using var http = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer() });
        file.Set("shop", shop.ToString().TrimEnd('/'));
        var config = await http.GetFromJsonAsync<JsonElement>(new Uri(shop, "/api/payments/config"), Ct);
        var stripe = new Uri(config.GetProperty("scriptUrl").GetString()!).GetLeftPart(UriPartial.Authority);
        foreach (var request in file.Requests.Skip(2 - signUps))
        {
            var url = file.Fill(request.Url).Replace("http://localhost:5010", stripe, StringComparison.Ordinal);
            if (request.Title.Contains("soon", StringComparison.Ordinal)) await Completed(http, url);
            using var response = await Answer(http, file, request, url);
            var text = await response.Content.ReadAsStringAsync(Ct);
            Assert.True((int)response.StatusCode == request.Status, $"{request.Title}: {response.StatusCode} {text}");
            if (text.Length > 0) file.Answered(request, JsonDocument.Parse(text).RootElement);
        }
    }

    /// <summary>Sends it again while the service, which was just started, is not there yet.</summary>
    static async Task<HttpResponseMessage> Answer(HttpClient http, HttpFile file, HttpFileRequest request, string url)
    {
        while (true)
        {
            using var message = new HttpRequestMessage(new HttpMethod(request.Method), url);
            if (request.Body is { } body)
                message.Content = new StringContent(file.Fill(body), Encoding.UTF8, request.ContentType!);
            var response = await http.SendAsync(message, Ct);
            if (response.StatusCode != HttpStatusCode.ServiceUnavailable) return response;
            response.Dispose();
            await Task.Delay(TimeSpan.FromMilliseconds(500), Ct);
        }
    }

    static Task Completed(HttpClient http, string order) => Eventually.Is(async () =>
        (await http.GetFromJsonAsync<JsonElement>(order, Ct)).GetProperty("status").GetString() == "complete");

    static Started StartOrders() => new(Process.Start(
        new ProcessStartInfo("dotnet", ["run", "--no-build", "--project", Repository.At("services/Orders")]))!);

    sealed class Started(Process process) : IDisposable
    {
        public void Dispose()
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }
    }
}
