namespace Ticketing.Sidecar.Resources;

/// <summary>What a sidecar starts with, after scopes and duplicates were settled.</summary>
public sealed record ResourceSet(
    IReadOnlyList<Component> Components, IReadOnlyList<ResiliencySpec> Resiliencies, ConfigurationSpec Configuration,
    IReadOnlyList<ResourceFault> Warnings);

/// <summary>One thing wrong with a resource, in one line: where, what, which field, why.</summary>
/// <param name="Resource">Kind and name, such as <c>Component store (state.redis/v1)</c>; "" when unreadable.</param>
/// <param name="Field">The path inside the resource, such as <c>spec.metadata.redisHost</c>; "" for the whole of
/// it.</param>
public sealed record ResourceFault(string File, string Resource, string Field, string Reason)
{
    public override string ToString() =>
        string.Join(": ", new[] { File, Resource, Field, Reason }.Where(part => part.Length > 0));
}

/// <summary>A fault at which daprd exits.</summary>
public sealed class ResourceException(ResourceFault fault, Exception? inner = null) : Exception(fault.ToString(), inner)
{
    public ResourceFault Fault { get; } = fault;
}
