namespace Ticketing.Sidecar.Actors;

/// <summary>The actor types an app hosts, as it answers to <c>GET /dapr/config</c>.</summary>
/// <param name="IdleTimeout">Counted from the start of an actor's last call.</param>
/// <param name="DrainTimeout">How long calls may go on when the actor has to move to another host.</param>
sealed record ActorConfig(IReadOnlyList<string> Types, TimeSpan IdleTimeout, TimeSpan DrainTimeout)
{
    public static readonly ActorConfig Nothing = new([], TimeSpan.FromMinutes(60), TimeSpan.FromSeconds(2));

    /// <exception cref="FormatException">The response cannot be used; the app then hosts no actors.</exception>
    public static ActorConfig Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var answer = DaprJson.Read(json, SidecarJson.Default.HostedActors) ?? new();
            if (answer.EntitiesConfig is { Length: > 0 } || answer.Reentrancy is { Enabled: true })
                throw new FormatException("entitiesConfig and reentrancy are not supported by this sidecar");
            return new(
                [.. (answer.Entities ?? []).Distinct()],
                Duration("actorIdleTimeout", answer.ActorIdleTimeout, Nothing.IdleTimeout),
                Duration("drainOngoingCallTimeout", answer.DrainOngoingCallTimeout, Nothing.DrainTimeout));
        }
        catch (JsonException error)
        {
            throw new FormatException(error.Message, error);
        }
    }

    static TimeSpan Duration(string name, string? text, TimeSpan otherwise) => string.IsNullOrEmpty(text) ? otherwise
        : DaprDuration.TryParse(text, out var duration) ? duration
        : throw new FormatException($"{name} is not a duration: {text}");
}

/// <summary>The app's response.</summary>
sealed record HostedActors
{
    public string[]? Entities { get; init; }
    public string? ActorIdleTimeout { get; init; }
    public string? DrainOngoingCallTimeout { get; init; }
    public ReentrancyAnswer? Reentrancy { get; init; }
    public JsonElement[]? EntitiesConfig { get; init; }
}

sealed record ReentrancyAnswer(bool Enabled);
