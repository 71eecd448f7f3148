namespace Ticketing.Aggregates;

/// <summary>What <see cref="Takeover"/> and <see cref="Unfinished"/> need of a store, whatever it stores.</summary>
interface IRecoverable
{
    string Kind { get; }
    /// <inheritdoc cref="AggregateStore{T}.Fence"/>
    Task Fence(string id);
    /// <inheritdoc cref="AggregateStore{T}.Repeat"/>
    Task<bool> Repeat(string id);
}
