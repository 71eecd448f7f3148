namespace Ticketing.Common;

/// <summary>
/// Lets a person start one service alone, as in a debugger: the environment that the runner made for it
/// (<c>local/Run -- --leave-out orders</c>) comes from a file. Only in Development, and only if
/// <see cref="Variable"/>, which the launch profile "local" sets, names the file.
/// </summary>
public static class EnvironmentFile
{
    public const string Variable = "TICKETING_ENV_FILE";

    /// <summary>
    /// Call it before the builder is made, which reads the environment. Ends the process if the file is missing.
    /// </summary>
    public static void Read()
    {
        if (Read(Environment.GetEnvironmentVariable, Environment.SetEnvironmentVariable) is not { } mistake) return;
        Console.Error.WriteLine(mistake);
        Environment.Exit(1);
    }

    /// <returns>Why the file could not be read; null if it was, or is not to be.</returns>
    public static string? Read(Func<string, string?> get, Action<string, string?> set)
    {
        if (get("ASPNETCORE_ENVIRONMENT") != "Development" || get(Variable) is not { Length: > 0 } path) return null;
        if (!File.Exists(path))
            return $"{Path.GetFullPath(path)} is not there: it exists while the rest of the shop runs. Start that with "
                + $"`dotnet run --project local/Run -- --leave-out {Path.GetFileNameWithoutExtension(path)}`.";
        foreach (var line in File.ReadLines(path))
            if (line.Split('=', 2) is [{ Length: > 0 } name, var value] && name[0] != '#') set(name, value);
        return null;
    }
}
