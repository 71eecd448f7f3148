using System.Globalization;

namespace Ticketing.Run;

/// <summary>
/// The environment of an app that a person starts (<c>--leave-out</c>), as <c>NAME=value</c> lines: VS Code reads it as
/// <c>envFile</c>, the service itself by its launch profile. It holds tokens: only the user may read it, and it is
/// deleted when the shop stops.
/// </summary>
sealed class LeftOutFile : IDisposable
{
    readonly string _path;

    public LeftOutFile(Instance instance)
    {
        _path = instance.EnvFile!;
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        File.Delete(_path);   // one that a killed runner left behind keeps its mode
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new StreamWriter(_path, options);
        foreach (var (name, value) in instance.Env)
            file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}={value.ReplaceLineEndings(" ")}"));
    }

    /// <summary>Not in the folder of <c>--data</c>: the launch profiles name this place.</summary>
    public static string Of(string folder, string app) => Path.Combine(folder, ".data", "leave-out", $"{app}.env");

    public static string HowToStart(Instance instance)
    {
        var here = Directory.GetCurrentDirectory();
        var project = Path.GetRelativePath(here, instance.App.Folder);
        return $"""
            {instance.Name} is left out: start it with `dotnet run --project {project}`
            or in a debugger: the configuration "{instance.Name} (left out)" of VS Code or Rider, or the launch profile
            "local" in Visual Studio. Its environment is in {Path.GetRelativePath(here, instance.EnvFile!)}
            """;
    }

    public void Dispose() => File.Delete(_path);
}
