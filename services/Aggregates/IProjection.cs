namespace Ticketing.Aggregates;

/// <summary>
/// Derives something from saved states, in the process that saved them: an index, a stream to browsers, a metric.
/// States saved by other processes arrive as events instead.
/// </summary>
public interface IProjection<in T> where T : class
{
    /// <summary>Called with each saved state before the command is answered; must be quick and not throw.</summary>
    void Apply(T saved);
}
