using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace Ticketing.Conformance;

/// <summary>Does to a sidecar what was done to the real one, step by step, and tells what comes out otherwise.</summary>
sealed class Replay : IDisposable
{
    static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);
    static readonly TimeSpan StopMax = TimeSpan.FromSeconds(30);
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <summary>The recorder waited so long behind a start for subscriptions to settle.</summary>
    static readonly TimeSpan Settle = TimeSpan.FromSeconds(1);

    readonly Recording recording;
    readonly CaseSetup setup;
    readonly Differences differences = new();
    readonly Client client;
    readonly CallCounts counts;
    TimeSpan lastRequest;
    TimeSpan? unseen;

    Replay(Recording recording, CaseSetup setup)
    {
        (this.recording, this.setup) = (recording, setup);
        client = new Client(setup, differences);
        counts = new CallCounts(recording, setup, differences);
    }

    /// <returns>Each difference on a line of its own; none: the two cannot be changed apart here.</returns>
    public static async Task<IReadOnlyList<string>> RunAsync(Recording recording, CancellationToken ct)
    {
        await using var setup = await CaseSetup.StartAsync(recording, ct);
        using var replay = new Replay(recording, setup);
        if (!await replay.StartAsync(ct)) return replay.differences.All;
        if (recording.Steps.Count == 0) replay.ExitsAtOnce();
        for (var i = 0; i < recording.Steps.Count; i++)
        {
            replay.differences.Where = $"step {i}";
            await replay.StepAsync(i, ct);
        }

        await new Callbacks(recording, setup, replay.differences).CompareAsync(replay.unseen ?? TimeSpan.MaxValue, ct);
        return replay.differences.All;
    }

    public void Dispose() => client.Dispose();

    /// <returns>Whether there is anything to go on with.</returns>
    async Task<bool> StartAsync(CancellationToken ct)
    {
        foreach (var app in recording.Apps)
        {
            await setup.Sidecar(app).StartAsync(ct);
            if (recording.Steps is [] || recording.Steps[0].Does("outcome")) continue;
            if (setup.Sidecar(app).Ended.IsCompleted)
            {
                differences.Add($"{app} starts", setup.Sidecar(app).Error);
                return false;
            }

            await ReadyAsync(app, recording.StartsWithApp(app) || !recording.HasApp(app), ct);
            await StartedAsync(app, "startup", 0, ct);
        }

        // A reply that comes sooner than the recorded one would meet subscriptions that are not there yet.
        if (recording.Steps is [var first, ..] && first.Milliseconds("at_ms") >= Settle) await Task.Delay(Settle, ct);
        return true;
    }

    async Task ReadyAsync(string app, bool whole, CancellationToken ct)
    {
        var health = new Uri($"{setup.Origin(app)}/v1.0/healthz{(whole ? "" : "/outbound")}");
        await UntilAsync(async () => await client.IsOkAsync(health, ct), StartMax, $"{app} is ready", ct);
    }

    /// <summary>Until the app has been asked all that it was asked then.</summary>
    async Task StartedAsync(string app, string step, int before, CancellationToken ct)
    {
        var asked = recording.Callbacks.Count(call => call.Text("step") == step && call.Text("app") == app
            && call.Text("path").StartsWith("/dapr/", StringComparison.Ordinal));
        await UntilAsync(() => Task.FromResult(Asked(app) >= before + asked), StartMax, $"{app} is asked {asked} times", ct);
    }

    int Asked(string app) => setup.App(app).Calls.Count(call => call.Path.StartsWith("/dapr/", StringComparison.Ordinal));

    async Task StepAsync(int i, CancellationToken ct)
    {
        var step = recording.Steps[i];
        if (step.Text("do") is "R" or "many" or "par" or "app_is" or "daprd_is") lastRequest = setup.Clock.Elapsed;
        if (step.Text("do") is "R" or "many" && Recording.Compact(step).Contains("/v1.0/publish/", StringComparison.Ordinal))
            unseen ??= lastRequest;
        // The recorder waited until the expected calls had come, or a fixed time to see that no more came.
        if (step.Does("got")) unseen = CallCounts.IsExact(step) ? null : lastRequest;
        await (step.Text("do") switch
        {
            // How busy daprd was is not compared: here it shares its process with others.
            "wait" or "cpu" => Task.Delay(Until(i), ct),
            "R" => client.AskAsync(step, ct),
            "many" => client.AskManyAsync(step, ct),
            "par" => Task.WhenAll(client.AskAllAsync(step, ct), StopAmidAsync(step, ct)),
            "got" => counts.CompareAsync(i, lastRequest, Until(i), ct),
            "answers" => Change(step["routes"]!.AsObject()),
            "app_is" => AppIsAsync(step, ct),
            "daprd_is" => DaprdIsAsync(step, i, ct),
            "outcome" => OutcomeAsync(step, ct),
            "resource" => ResourceAsync(i, ct),
            "look" => LookAsync(step["rows"]?.ToJsonString(), ct),
            var other => throw new InvalidOperationException($"Nobody knows how to do '{other}'."),
        });
    }

    TimeSpan Until(int i) => i + 1 < recording.Steps.Count
        ? recording.Steps[i + 1].Milliseconds("at_ms") - recording.Steps[i].Milliseconds("at_ms")
        : recording.Duration - recording.Steps[i].Milliseconds("at_ms");

    Task Change(JsonObject routes)
    {
        setup.App("app").Script.Change(routes);
        return Task.CompletedTask;
    }

    async Task AppIsAsync(JsonObject step, CancellationToken ct)
    {
        var app = step.Text("app");
        if (step.Text("what") == "killed")
        {
            await setup.App(app).DownAsync();
            return;
        }

        var before = Asked(app);
        await setup.App(app).UpAsync();
        // The first time that there is an app to ask, the sidecar asks.
        if (!recording.StartsWithApp(app) && before == 0) await StartedAsync(app, "none", 0, ct);
    }

    async Task DaprdIsAsync(JsonObject step, int i, CancellationToken ct)
    {
        var app = step.Text("app");
        var sidecar = setup.Sidecar(app);
        switch (step.Text("what"))
        {
            case "KILL":
                await sidecar.KillAsync();
                break;
            case "TERM":
                var watch = Stopwatch.StartNew();
                sidecar.Terminate();
                Exits(await sidecar.Ended.WaitAsync(StopMax, ct), step);
                differences.Took(step.Milliseconds("took_ms"), watch.Elapsed);
                break;
            default:
                var before = Asked(app);
                await sidecar.StartAsync(ct);
                await ReadyAsync(app, whole: true, ct);
                await StartedAsync(app, $"{i}", before, ct);
                if (step.Milliseconds("took_ms") >= Settle) await Task.Delay(Settle, ct);
                break;
        }
    }

    // A stop among parallel requests is delayed so that it ends when they did in the recording.
    async Task StopAmidAsync(JsonObject step, CancellationToken ct)
    {
        if (step["requests"]!.AsArray().FirstOrDefault(one => one!.AsObject().Does("daprd_is")) is not JsonObject stop) return;
        var others = step["requests"]!.AsArray().Max(one => one!.AsObject().Number("took_ms"));
        await Task.Delay(TimeSpan.FromMilliseconds(others - stop.Number("took_ms")), ct);
        await DaprdIsAsync(stop, 0, ct);
    }

    void Exits(int code, JsonObject step)
    {
        if (code != (int)step.Number("exit_code")) differences.Add($"exit code {step["exit_code"]}", $"{code}");
    }

    // The recorder did not get as far as the first step.
    void ExitsAtOnce()
    {
        var (ended, recorded) = (setup.Sidecar("app").Ended, recording.Case.Text("error"));
        if (!ended.IsCompletedSuccessfully
            || !recorded.Contains($"exited with {ended.Result}:", StringComparison.Ordinal))
            differences.Add(recorded, "it goes on");
    }

    async Task OutcomeAsync(JsonObject step, CancellationToken ct)
    {
        await EndOrGoOnAsync(step, ct);
        if (recording.Area == "faulty") Faults.Compare(recording.Name, setup.Warnings, setup.Names, differences);
    }

    async Task EndOrGoOnAsync(JsonObject step, CancellationToken ct)
    {
        var sidecar = setup.Sidecar("app");
        if (step.Text("state") == "ready")
        {
            if (sidecar.Ended.IsCompleted) differences.Add("it goes on", $"it exits: {sidecar.Error}");
            else await ReadyAsync("app", whole: true, ct);
            return;
        }

        try
        {
            Exits(await sidecar.Ended.WaitAsync(StopMax, ct), step);
        }
        catch (TimeoutException)
        {
            differences.Add("it exits", "it goes on");
        }
    }

    // What was written was not recorded: apps.json has it, as the answers before and behind tell.
    async Task ResourceAsync(int i, CancellationToken ct)
    {
        var change = setup.App("app").Script.About("resources")!.AsObject()[$"{i}"]!.AsObject();
        foreach (var (name, resource) in change)
            if (resource is null) setup.RemoveResource(name);
            else await setup.WriteResourceAsync(name, resource, ct);
    }

    async Task LookAsync(string? rows, CancellationToken ct)
    {
        if (rows is null) return;
        await using var database = new SqliteConnection($"Data Source={Path.Combine(setup.Folder, "state.db")};Pooling=false");
        await database.OpenAsync(ct);
        await using var select = database.CreateCommand();
        select.CommandText = "SELECT key, value FROM state ORDER BY key";
        var found = new JsonArray();
        await using var reader = await select.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) found.Add(new JsonArray(reader.GetString(0), reader.GetString(1)));
        if (found.ToJsonString() != rows) differences.Add(rows, found.ToJsonString());
    }

    static async Task UntilAsync(Func<Task<bool>> condition, TimeSpan patience, string what, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > patience) throw new TimeoutException($"It never came true that {what}.");
            await Task.Delay(Look, ct);
        }
    }
}
