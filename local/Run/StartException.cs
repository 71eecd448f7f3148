namespace Ticketing.Run;

/// <summary>The shop cannot be started as things are; the message is for a person, and says what to do.</summary>
public sealed class StartException(string message) : Exception(message);
