namespace Ticketing.Web;

/// <summary>How long a purchase holds a ticket, for texts only; the orders service has the same setting.</summary>
public sealed class HoldTime(IConfiguration configuration)
{
    const int SecondsDefault = 900, MinuteSeconds = 60;

    public string InWords => configuration.GetValue("Orders:HoldSeconds", SecondsDefault) switch
    {
        < 2 * MinuteSeconds and var seconds => $"{seconds} seconds",
        var seconds => $"{seconds / MinuteSeconds} minutes",
    };
}
