namespace Ticketing.Sidecar.State;

/// <summary>What a store puts before its keys, so that apps that share it do not meet.</summary>
/// <param name="Text">"" for none.</param>
sealed record KeyPrefix(string Text)
{
    public const string Separator = "||";

    /// <exception cref="MetadataException">A text of one's own must not hold the separator.</exception>
    public static KeyPrefix Of(string? strategy, string store, SidecarOptions options)
    {
        if (strategy?.Contains(Separator, StringComparison.Ordinal) == true)
            throw new MetadataException("keyPrefix", $"failed to save lock keyprefix: api error: code = InvalidArgument desc = {Illegal(strategy)}");
#pragma warning disable CA1308 // daprd lower-cases it, and the prefix ends up in keys.
        return strategy?.ToLowerInvariant() switch
#pragma warning restore CA1308
        {
            null or "appid" => new(options.AppId + Separator),
            "name" => new(store + Separator),
            "namespace" when options.Namespace.Length > 0 => new($"{options.Namespace}.{options.AppId}{Separator}"),
            "namespace" => new(options.AppId + Separator),
            "none" => new(""),
            var own => new(own + Separator),
        };
    }

    public static string Illegal(string key) => $"input key/keyPrefix '{key}' can't contain '{Separator}'";

    /// <summary>Null when the key itself holds the separator.</summary>
    public string? Add(string key) => key.Contains(Separator, StringComparison.Ordinal) ? null : Text + key;

    /// <summary>The second part of a stored key, whatever the prefix: that is how daprd reads them back.</summary>
    public static string Remove(string stored) => stored.Split(Separator, 3) is [_, var key, ..] ? key : stored;
}
