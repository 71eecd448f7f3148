namespace Ticketing.Aggregates;

/// <summary>
/// Something derived from saved states, in the process that saved them: an index, a stream to browsers, a metric.
/// States that other processes saved arrive by event.
/// </summary>
public interface IProjection<in T> where T : class
{
    /// <summary>A state that was just saved. Called before the command is answered; must be quick and not throw.</summary>
    void Apply(T saved);
}
