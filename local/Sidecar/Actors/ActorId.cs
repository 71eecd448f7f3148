namespace Ticketing.Sidecar.Actors;

/// <summary>An actor's type and id.</summary>
readonly record struct ActorId(string Type, string Id)
{
    /// <summary>The form used in keys and in messages about timers.</summary>
    public string Key => $"{Type}||{Id}";

    public override string ToString() => $"{Type}/{Id}";
}
