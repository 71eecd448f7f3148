using System.Text.Json;
using System.Xml.Linq;
using Ticketing.Common;

namespace Ticketing.Run.Tests;

/// <summary>What starts one service in a debugger: launch profiles, and configurations of VS Code and Rider.</summary>
public sealed class LaunchConfigTests
{
    static readonly IReadOnlyList<AppSpec> Services =
        [.. DaprFile.Read(Repository.At("dapr.yaml")).Apps.Where(app => app.HasSidecar)];

    public static TheoryData<string> Ids => [.. Services.Select(app => app.Id)];

    [Theory, MemberData(nameof(Ids))]
    public void The_profile_local_reads_the_file_that_the_runner_writes(string id)
    {
        var app = Services.Single(app => app.Id == id);
        var env = Profile(app, "local");
        Assert.Equal("Development", env["ASPNETCORE_ENVIRONMENT"]);
        Assert.Equal(
            LeftOutFile.Of(Repository.Root, id), Path.GetFullPath(env[EnvironmentFile.Variable], app.Folder));
    }

    // The sidecar of `dapr run` has the ports of dapr.yaml and no token.
    [Theory, MemberData(nameof(Ids))]
    public void The_profile_dapr_is_the_environment_of_the_run_file(string id)
    {
        var app = Services.Single(app => app.Id == id);
        var expected = new Dictionary<string, string>(app.Env)
        {
            ["APP_ID"] = id, ["APP_PORT"] = $"{app.Port}",
            ["DAPR_HTTP_PORT"] = $"{app.SidecarHttpPort}", ["DAPR_GRPC_PORT"] = $"{app.SidecarGrpcPort}",
        };
        Assert.Equal(expected.OrderBy(e => e.Key), Profile(app, "dapr").OrderBy(e => e.Key));
    }

    [Theory, MemberData(nameof(Ids))]
    public void VS_Code_starts_it_with_that_file(string id)
    {
        var app = Services.Single(app => app.Id == id);
        var start = Json(".vscode/launch.json").GetProperty("configurations").EnumerateArray()
            .Single(one => one.GetProperty("name").GetString() == $"{id} (left out)");
        Assert.Equal(LeftOutFile.Of(Repository.Root, id), Place(start, "envFile"));
        Assert.Equal(app.Folder, Place(start, "cwd"));
        Assert.Equal(Path.Combine(app.Folder, app.Command[1]), Place(start, "program"));
        var task = Json(".vscode/tasks.json").GetProperty("tasks").EnumerateArray().Single(task =>
            task.GetProperty("label").GetString() == start.GetProperty("preLaunchTask").GetString());
        Assert.Equal(app.Folder, Repository.At(task.GetProperty("args")[1].GetString()!));
    }

    [Theory, MemberData(nameof(Ids))]
    public void Rider_starts_it_by_its_launch_profile(string id)
    {
        var app = Services.Single(app => app.Id == id);
        var options = XDocument.Load(Repository.At($".run/{id} (left out).run.xml")).Descendants("option")
            .Where(option => option.Attribute("value") is not null)
            .ToDictionary(option => option.Attribute("name")!.Value, option => option.Attribute("value")!.Value);
        Assert.Equal("local", options["LAUNCH_PROFILE_NAME"]);
        var project = options["LAUNCH_PROFILE_PROJECT_FILE_PATH"]
            .Replace("$PROJECT_DIR$", Repository.Root, StringComparison.Ordinal);
        Assert.True(File.Exists(project), project);
        Assert.Equal(app.Folder, Path.GetDirectoryName(project));
    }

    [Fact]
    public void The_dev_container_has_the_SDK_of_the_repository_and_forwards_the_shop()
    {
        var container = Json(".devcontainer/devcontainer.json");
        var sdk = Json("global.json").GetProperty("sdk").GetProperty("version").GetString();
        Assert.StartsWith(
            $"mcr.microsoft.com/dotnet/sdk:{sdk}-", container.GetProperty("image").GetString(), StringComparison.Ordinal);
        Assert.Contains(8080, container.GetProperty("forwardPorts").EnumerateArray().Select(port => port.GetInt32()));
    }

    static Dictionary<string, string> Profile(AppSpec app, string name) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(app.Folder, "Properties", "launchSettings.json"))).RootElement
            .GetProperty("profiles").GetProperty(name).GetProperty("environmentVariables")
            .EnumerateObject().ToDictionary(variable => variable.Name, variable => variable.Value.GetString()!);

    static string Place(JsonElement start, string member) =>
        start.GetProperty(member).GetString()!.Replace("${workspaceFolder}", Repository.Root, StringComparison.Ordinal);

    static JsonElement Json(string path) => JsonDocument.Parse(File.ReadAllText(Repository.At(path))).RootElement;
}
