namespace Ticketing.Sidecar;

/// <summary>The Configuration's <c>api.allowed</c> and <c>api.denied</c>: what is not let through does not
/// exist.</summary>
sealed class ApiAccess(ConfigurationSpec configuration)
{
    static readonly (string Group, string[] Methods)[] Groups =
    [
        ("state.v1", ["GetState", "GetBulkState", "SaveState", "DeleteState", "DeleteBulkState", "ExecuteStateTransaction"]),
        ("publish.v1", ["PublishEvent"]),
        ("secrets.v1", ["GetSecret", "GetBulkSecret"]),
        ("metadata.v1", ["GetMetadata", "SetMetadata"]),
        ("shutdown.v1", ["Shutdown"]),
    ];

    /// <summary>By group and version (<c>state</c>, <c>v1.0</c> or <c>v1</c>) or by the beginning of the path; health
    /// is always let through.</summary>
    public bool IsRouteAllowed(string pattern)
    {
        if (pattern.StartsWith("/v1.0/healthz", StringComparison.Ordinal)) return true;
        return IsAllowed("http", rule => Matches(rule, pattern.TrimStart('/')));
    }

    public bool IsMethodAllowed(string method) =>
        IsAllowed("grpc", rule => Array.Exists(Groups, group =>
            group.Group == $"{rule.Name}.{rule.Version}" && group.Methods.Contains(method)));

    bool IsAllowed(string protocol, Func<ApiRule, bool> matches)
    {
        bool Speaks(ApiRule rule) => rule.Protocol.Equals(protocol, StringComparison.OrdinalIgnoreCase);
        if (configuration.DeniedApis.Any(rule => Speaks(rule) && matches(rule))) return false;
        return !configuration.AllowedApis.Any(Speaks)
            || configuration.AllowedApis.Any(rule => Speaks(rule) && matches(rule));
    }

    static bool Matches(ApiRule rule, string path)
    {
        var segments = path.Split('/');
        var version = segments[0].Replace("v1.0", "v1", StringComparison.Ordinal)
            .Replace("-", "", StringComparison.Ordinal);
        return (rule.Version == version && rule.Name == segments[1])
            || path.StartsWith($"{rule.Version}/{rule.Name}", StringComparison.Ordinal);
    }
}
