using System.Collections.Concurrent;
using System.Text;
using Ticketing.Testing;

namespace Ticketing.Sidecar.Tests.PubSub;

public sealed class KillTests
{
    const int Publishers = 8;
    const int Kills = 4;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_that_was_acknowledged_is_lost_when_the_sidecar_is_killed_in_the_middle()
    {
        var folder = TestFolder.New("kill");
        await File.WriteAllTextAsync(Path.Combine(folder, "pubsub.yaml"),
            Yaml.Component("pubsub", "pubsub.sqlite", ("connectionString", $"{folder}/queue.db")), Ct);
        await using var app = await RecordingApp.OfTopicsAsync("pubsub", "x");
        var (http, grpc) = (AnyPort.Next(), AnyPort.Next());
        var acknowledged = new ConcurrentBag<int>();
        var next = 0;

        for (var round = 0; round < Kills; round++)
        {
            using var sidecar = await SidecarProcess.StartAsync(folder, http, grpc, app.Port);
            var publishing = Task.WhenAll(Enumerable.Range(0, Publishers).Select(_ => PublishUntilDeadAsync(sidecar)));
            // Killed with many publishes and deliveries under way, a few more each time.
            var enough = acknowledged.Count + 50 + 30 * round;
            await Eventually.Is(
                () => acknowledged.Count >= enough, TimeSpan.FromSeconds(60), () => $"only {acknowledged.Count} acknowledged");
            await sidecar.KillAsync();
            await publishing;
        }

        using var last = await SidecarProcess.StartAsync(folder, http, grpc, app.Port);
        await Eventually.Is(
            () => !acknowledged.Except(Received()).Any(), TimeSpan.FromSeconds(30),
            () => $"lost: {string.Join(", ", acknowledged.Except(Received()).Order())}");

        async Task PublishUntilDeadAsync(SidecarProcess sidecar)
        {
            try
            {
                while (true)
                {
                    var number = Interlocked.Increment(ref next);
                    using var content = new StringContent($"{number}", Encoding.UTF8, "application/json");
                    using var answer = await sidecar.Http.PostAsync("/v1.0/publish/pubsub/x", content, Ct);
                    if (answer.IsSuccessStatusCode) acknowledged.Add(number);
                }
            }
            catch (HttpRequestException)
            {
                // Killed during the publish: its outcome is unknown, so it may be delivered or not.
            }
        }

        HashSet<int> Received() => [.. app.All.Select(PubSubTest.Number)];
    }
}
