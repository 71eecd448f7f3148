namespace Ticketing.Run.Tests;

/// <summary>What hinders a start is said in one sentence, with what to do; never by a stack trace.</summary>
public sealed class StartErrorTests : IDisposable
{
    readonly string folder = RunnerProcess.Folder(["one", "ingress"]);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_set_of_components_that_is_not_there() =>
        await Says("nowhere is no set of components", "--broker", "nowhere");

    [Fact]
    public async Task A_component_that_is_not_YAML()
    {
        Component("spec: [\n");
        await Says($"{folder}/components/it.yaml, line 5: this is not YAML");
    }

    [Fact]
    public async Task A_component_of_a_type_that_does_not_exist()
    {
        Component("spec: { type: pubsub.pigeon, version: v1 }\n");
        await Says($"{folder}/components/it.yaml: Component it (pubsub.pigeon/v1): spec.type: there is no such component type");
    }

    // daprd leaves it out with a warning, and messages are lost.
    [Fact]
    public async Task A_component_that_cannot_be_decoded()
    {
        Component("spec: { type: pubsub.in-memory, version: v1, metadata: { consumerID: x } }\n");
        await Says($"{folder}/components/it.yaml: Component it");
    }

    [Fact]
    public async Task A_server_that_does_not_answer()
    {
        Component("spec: { type: pubsub.redis, version: v1, metadata: [{ name: redisHost, value: 'localhost:1' }] }\n");
        await Says("or start the server that it names (components/README.md).");
    }

    [Fact]
    public async Task A_file_where_the_data_folder_should_be()
    {
        File.WriteAllText(Path.Combine(folder, "data"), "");
        await Says($"{folder}/data cannot be the data folder", "--data", "data");
    }

    [Fact]
    public async Task An_app_that_finds_its_configuration_wrong()
    {
        var file = Path.Combine(folder, "dapr.yaml");
        File.AppendAllText(file, """
              - appID: broken
                appDirPath: apps
                appPort: 2000
                command: [sh, -c, "echo correct line 7 >&2; exit 78"]

            """);
        await Says("broken does not start: correct line 7");
    }

    [Fact]
    public async Task No_place_for_temporary_files()
    {
        await using var runner = RunnerProcess.StartWith(
            new() { ["TMPDIR"] = Path.Combine(folder, "nowhere") }, "demo", "--file", Path.Combine(folder, "dapr.yaml"), "--port", "1");
        await SaysOneSentence(runner, "This machine refuses what the runner needs: ");
    }

    [Fact]
    public async Task An_option_that_does_not_exist()
    {
        await using var runner = RunnerProcess.Start("--compnents", "x");
        await runner.WaitForLine("--compnents");
        Assert.Equal(2, await runner.Ends());
    }

    void Component(string spec) => File.WriteAllText(
        Path.Combine(folder, "components", "it.yaml"),
        $"apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata: {{ name: it }}\n{spec}");

    async Task Says(string sentence, params string[] arguments)
    {
        await using var runner = RunnerProcess.StartIn(folder, ["--any-ports", "--port", "0", .. arguments]);
        await SaysOneSentence(runner, sentence);
    }

    static async Task SaysOneSentence(RunnerProcess runner, string sentence)
    {
        await runner.WaitForLine(sentence);
        Assert.Equal(1, await runner.Ends());
        Assert.DoesNotContain(runner.Lines, line => line.StartsWith("   at ", StringComparison.Ordinal));
    }
}
