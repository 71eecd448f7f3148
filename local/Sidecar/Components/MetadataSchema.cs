using Ticketing.Sidecar.Resources;

namespace Ticketing.Sidecar.Components;

/// <summary>
/// Which metadata names a component type knows and which it cannot do without. Names ignore letter case.
/// </summary>
public sealed class MetadataSchema
{
    readonly HashSet<string> _known;
    readonly string[][] _required;

    /// <param name="required">Each entry is one need; alternatives are separated by a bar:
    /// <c>connectionString|url</c>.</param>
    public MetadataSchema(IEnumerable<string> known, params string[] required)
    {
        _required = [.. required.Select(need => need.Split('|'))];
        _known = new HashSet<string>(known.Concat(_required.SelectMany(need => need)),
            StringComparer.OrdinalIgnoreCase);
    }

    public MetadataSchema And(params string[] known) =>
        new(_known.Concat(known), [.. _required.Select(need => string.Join('|', need))]);

    public MetadataSchema Needs(params string[] required) =>
        new(_known, [.. _required.Select(need => string.Join('|', need)), .. required]);

    /// <summary>The first thing wrong with a component's metadata, or null.</summary>
    public ResourceFault? Check(Component component)
    {
        var resource = $"Component {component.LogName}";
        if (component.Metadata.FirstOrDefault(item => !_known.Contains(item.Name)) is { } unknown)
            return new ResourceFault(component.File, resource, $"spec.metadata.{unknown.Name}",
                $"is not a field of {component.Type}");
        var missing = _required.FirstOrDefault(need => !component.Metadata.Any(
            item => need.Contains(item.Name, StringComparer.OrdinalIgnoreCase)));
        return missing is null
            ? null
            : new ResourceFault(component.File, resource, $"spec.metadata.{missing[0]}", "is required");
    }
}
