namespace Ticketing.Run;

/// <summary>The shop cannot be started; the message tells the user why and what to do.</summary>
public sealed class StartException(string message) : Exception(message);
