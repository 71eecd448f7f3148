namespace Ticketing.Testing;

/// <summary>The required outcome of a hostile request.</summary>
public enum Verdict
{
    /// <summary>4xx with a problem body; nothing changed.</summary>
    Refused,
    /// <summary>4xx or a closed connection: the server itself may refuse it before the service does.</summary>
    TurnedAway,
    /// <summary>Anything but a 5xx; if it is refused, nothing changed.</summary>
    Harmless,
}

/// <param name="Name">Its number in the list of hostile inputs (G1–G40) and what it does.</param>
public sealed record HostileInput(string Name, Verdict Verdict, RawRequest Request);
