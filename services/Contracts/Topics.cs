namespace Ticketing.Contracts;

/// <summary>
/// One topic per kind of aggregate; a subscriber gets all its events and reads the snapshot's status.
/// </summary>
public static class Topics
{
    public const string Tickets = "tickets";
    public const string Orders = "orders";
    public const string Payments = "payments";
    public const string Expirations = "expirations";
    public const string Sessions = "sessions";

    public const string DeadLetterSuffix = ".dead";

    /// <summary>Where the runtime puts what <paramref name="appId"/> could not handle; the app reads it.</summary>
    public static string DeadLetters(string appId) => appId + DeadLetterSuffix;
}
