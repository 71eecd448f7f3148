namespace Ticketing.Run;

/// <summary>Writes the components that the sidecars load: those of the set, with the broker and data folder.</summary>
static class ComponentFolder
{
    const string BrokerFile = "pubsub.yaml";

    /// <summary>Written anew at each start to <c>{data}/components</c>; returns that folder.</summary>
    /// <exception cref="StartException">A set does not exist.</exception>
    public static string Compose(string set, string? brokerSet, string data)
    {
        var folder = Path.Combine(data, "components");
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        foreach (var file in Yaml(set)) Write(file);
        if (brokerSet is not null)
            Write(Yaml(brokerSet).FirstOrDefault(IsBroker) ?? throw Missing(brokerSet, BrokerFile));
        return folder;

        void Write(string file) => File.WriteAllText(
            Path.Combine(folder, Path.GetFileName(file)),
            File.ReadAllText(file).Replace(Plan.DataFolder, data, StringComparison.Ordinal));
    }

    static bool IsBroker(string file) => Path.GetFileName(file) == BrokerFile;

    static string[] Yaml(string set) =>
        Directory.Exists(set) && Directory.GetFiles(set, "*.yaml") is { Length: > 0 } files
            ? files
            : throw Missing(set, "YAML");

    static StartException Missing(string set, string what) => new($"{set} is no set of components: no {what} in it.");
}
