namespace Ticketing.Sidecar.Actors;

/// <summary>One actor among all of one placement.</summary>
readonly record struct ActorId(string Type, string Id)
{
    /// <summary>As it stands in keys and in the messages about timers.</summary>
    public string Key => $"{Type}||{Id}";

    public override string ToString() => $"{Type}/{Id}";
}
