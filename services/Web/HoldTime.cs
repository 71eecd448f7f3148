namespace Ticketing.Web;

/// <summary>How long a purchase holds a ticket, for texts only; the orders service has the same setting.</summary>
public sealed class HoldTime(IConfiguration configuration)
{
    const int SecondsDefault = 900, MinuteSeconds = 60;

    int Seconds => configuration.GetValue("Orders:HoldSeconds", SecondsDefault);

    public TimeSpan Length => TimeSpan.FromSeconds(Seconds);

    public string InWords => Seconds switch
    {
        < 2 * MinuteSeconds and var seconds => $"{seconds} seconds",
        var seconds => $"{seconds / MinuteSeconds} minutes",
    };
}
