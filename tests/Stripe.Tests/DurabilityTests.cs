using System.Diagnostics;
using System.Text.RegularExpressions;
using Stripe;
using Ticketing.Testing;

namespace Ticketing.StripeServer.Tests;

public sealed partial class DurabilityTests
{
    const int Rounds = 3;

    [Fact]
    public async Task What_was_answered_survives_a_kill()
    {
        var data = Directory.CreateTempSubdirectory("stripe-kill");
        var authorized = new List<string>();
        for (var round = 0; round < Rounds; round++)
        {
            using var server = await Child(data.FullName);
            var intents = LocalStripe.ClientOf(server.Url).V1.PaymentIntents;
            foreach (var id in authorized)
                Assert.Equal("requires_capture", (await intents.GetAsync(id)).Status);

            var buyers = Enumerable.Range(0, 4)
                .Select(buyer => Task.Run(() => Buy(intents, $"{round}-{buyer}", authorized)));
            var all = Task.WhenAll(buyers);
            await Eventually.Is(() => Count(authorized) > (round + 1) * 10);
            server.Process.Kill();   // SIGKILL, while calls are in progress
            await all;
        }

        using var last = await Child(data.FullName);
        var client = LocalStripe.ClientOf(last.Url);
        foreach (var id in authorized)
            Assert.Equal("requires_capture", (await client.V1.PaymentIntents.GetAsync(id)).Status);
        last.Process.Kill();
        await last.Process.WaitForExitAsync();
        data.Delete(recursive: true);
    }

    static async Task Buy(PaymentIntentService intents, string buyer, List<string> authorized)
    {
        for (var i = 0; ; i++)
        {
            try
            {
                var paid = await intents.CreateAsync(new PaymentIntentCreateOptions
                {
                    Amount = 100,
                    Currency = "usd",
                    CaptureMethod = "manual",
                    PaymentMethod = "pm_card_visa",
                    Confirm = true,
                }, LocalStripe.Key($"{buyer}-{i}"));
                lock (authorized) authorized.Add(paid.Id);
            }
            catch (HttpRequestException)
            {
                return;   // the server was killed
            }
        }
    }

    static int Count(List<string> authorized)
    {
        lock (authorized) return authorized.Count;
    }

    static async Task<ServerProcess> Child(string data)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "Ticketing.Stripe.dll"),
            "--urls", "http://127.0.0.1:0", "--data", data])
            start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (Listening().Match(line) is not { Success: true } match) continue;
            _ = process.StandardOutput.ReadToEndAsync();   // else a full pipe would block it
            return new ServerProcess(process, match.Groups[1].Value);
        }

        throw new InvalidOperationException("The server did not start.");
    }

    [GeneratedRegex(@"Now listening on: (\S+)")]
    private static partial Regex Listening();

    sealed record ServerProcess(Process Process, string Url) : IDisposable
    {
        public void Dispose()
        {
            Process.Kill();
            Process.Dispose();
        }
    }
}
