using System.Net.Http.Json;
using System.Text.Json;

namespace Ticketing.Run.Tests;

/// <summary>The whole shop: all real services, each in its own process.</summary>
public sealed class ShopTests : IDisposable
{
    static readonly string File = Repository.At("dapr.yaml");
    static readonly HttpClient Http = new();
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    readonly string data = Directory.CreateTempSubdirectory("shop-").FullName;

    public void Dispose() => Directory.Delete(data, recursive: true);

    // Messages may be duplicated, late, out of order or never delivered; two replicas of each service.
    [Fact]
    public async Task The_demo_keeps_every_promise_whatever_happens_to_messages()
    {
        await using var demo = RunnerProcess.Start(
            "demo", "--file", File, "--port", "0", "--replicas", "2", "--chaos", "7");
        await demo.WaitForLine("Every step passed.");
        Assert.Equal(0, await demo.Ends());
    }

    [Fact]
    public async Task What_was_answered_survives_a_kill_of_everything()
    {
        string[] arguments = ["--file", File, "--any-ports", "--port", "0", "--data", data, "--seed-demo"];
        IReadOnlyList<string> listed;
        await using (var killed = RunnerProcess.Start(arguments))
        {
            var shop = await killed.Ready();
            await killed.WaitForLine("--seed-demo: 36 listings, 4 sold, 2 held, 1 refunded.");
            listed = await Listed(shop);
            await ShowsItsEvents(shop, listed[0]);
            killed.Signal("KILL");
            await killed.Ends();
        }

        Assert.True(System.IO.File.Exists(Path.Combine(data, "state.db")));
        await using var next = RunnerProcess.Start(arguments);
        Assert.Equal(30, listed.Count);
        var again = await next.Ready();
        await next.WaitForLine("--seed-demo: 36 listings, 4 sold,");   // nothing is made twice
        Assert.Equal(listed, await Listed(again));
    }

    /// <summary>The flow page, through the ingress: the listing was published, and orders handled it.</summary>
    static async Task ShowsItsEvents(Uri shop, string ticket)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        for (var page = ""; !page.Contains("class=\"who\">orders</td>", StringComparison.Ordinal);)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), patience.Token);
            page = await Http.GetStringAsync(new Uri(shop, $"/flow?subject={ticket}"), patience.Token);
            Assert.Contains("<code>ticket.listed</code>", page, StringComparison.Ordinal);
        }
    }

    static async Task<IReadOnlyList<string>> Listed(Uri shop)
    {
        var page = await Http.GetFromJsonAsync<JsonElement>(new Uri(shop, "/api/tickets?limit=100"), Ct);
        return [.. page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").ToString()).Order()];
    }
}
