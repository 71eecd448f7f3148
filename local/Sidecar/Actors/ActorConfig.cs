using System.Diagnostics.CodeAnalysis;

namespace Ticketing.Sidecar.Actors;

/// <summary>How actors of one type are hosted.</summary>
/// <param name="IdleTimeout">From the start of an actor's last call to its deactivation.</param>
/// <param name="DrainTimeout">How long calls may go on when the actor has to move to another host.</param>
sealed record ActorTypeConfig(TimeSpan IdleTimeout, TimeSpan DrainTimeout)
{
    public static readonly ActorTypeConfig Default = new(TimeSpan.FromMinutes(60), TimeSpan.FromSeconds(2));
}

/// <summary>The actor types an app hosts, as it answers to <c>GET /dapr/config</c>.</summary>
static class ActorConfig
{
    /// <summary>Placement gives a change of hosts 30 s; a longer drain is cut to four fifths of it.</summary>
    static readonly TimeSpan DisseminationTimeout = TimeSpan.FromSeconds(30);

    /// <summary>False when the answer is of no use: then the app hosts nothing, and <paramref name="fault"/> says why.
    /// </summary>
    public static bool TryParse(
        ReadOnlySpan<byte> json,
        [NotNullWhen(true)] out IReadOnlyDictionary<string, ActorTypeConfig>? types,
        [NotNullWhen(false)] out string? fault)
    {
        types = null;
        HostedActors? answer;
        try
        {
            answer = DaprJson.Read(json, SidecarJson.Default.HostedActors);
        }
        catch (JsonException e)
        {
            fault = e.Message;
            return false;
        }
        return TryRead(answer ?? new HostedActors(), out types, out fault);
    }

    static bool TryRead(
        HostedActors answer,
        [NotNullWhen(true)] out IReadOnlyDictionary<string, ActorTypeConfig>? types,
        [NotNullWhen(false)] out string? fault)
    {
        types = null;
        if (!TryDuration(answer.ActorIdleTimeout, ActorTypeConfig.Default.IdleTimeout, out var idle))
        {
            fault = $"failed to parse default actor idle timeout: {answer.ActorIdleTimeout}";
            return false;
        }
        if (!TryDuration(answer.DrainOngoingCallTimeout, ActorTypeConfig.Default.DrainTimeout, out var drain))
        {
            fault = $"failed to parse drain ongoing call timeout: {answer.DrainOngoingCallTimeout}";
            return false;
        }
        if ((answer.EntitiesConfig ?? []).Append(answer).Any(entry => entry.Reentrancy is { Enabled: true }))
        {
            fault = "actor reentrancy is not supported by this sidecar";
            return false;
        }

        var drains = answer.DrainRebalancedActors ?? true;
        var common = new ActorTypeConfig(idle, Drain(drain, drains));
        var hosted = (answer.Entities ?? []).Distinct().ToDictionary(type => type, _ => common);
        foreach (var entry in answer.EntitiesConfig ?? [])
        {
            foreach (var type in (entry.Entities ?? []).Where(hosted.ContainsKey))
                hosted[type] = OfType(entry, common, drains);
        }
        (types, fault) = (hosted, null);
        return true;
    }

    // A type with an entry of its own takes nothing but the drain time from the common part.
    static ActorTypeConfig OfType(HostedActors entry, ActorTypeConfig common, bool drains)
    {
        TryDuration(entry.ActorIdleTimeout, ActorTypeConfig.Default.IdleTimeout, out var idle);
        TryDuration(entry.DrainOngoingCallTimeout, common.DrainTimeout, out var drain);
        drains = entry.DrainRebalancedActors ?? drains;
        return new ActorTypeConfig(idle, Drain(drain, drains));
    }

    static TimeSpan Drain(TimeSpan drain, bool drains) =>
        !drains ? TimeSpan.Zero : drain < DisseminationTimeout ? drain : DisseminationTimeout * 0.8;

    static bool TryDuration(string? text, TimeSpan otherwise, out TimeSpan duration)
    {
        duration = otherwise;
        if (string.IsNullOrEmpty(text))
            return true;
        if (GoDuration.TryParse(text, out var parsed))
        {
            duration = parsed;
            return true;
        }
        return false;
    }
}

sealed record HostedActors
{
    public string[]? Entities { get; init; }
    public string? ActorIdleTimeout { get; init; }
    public string? DrainOngoingCallTimeout { get; init; }
    public bool? DrainRebalancedActors { get; init; }
    public ReentrancyAnswer? Reentrancy { get; init; }
    public HostedActors[]? EntitiesConfig { get; init; }
}

sealed record ReentrancyAnswer(bool Enabled);
