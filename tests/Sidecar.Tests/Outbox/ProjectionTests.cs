using Ticketing.Sidecar.Outbox;
using Ticketing.Sidecar.State;

namespace Ticketing.Sidecar.Tests.Outbox;

/// <summary>Recorded: what daprd's loop makes of projections, by the order in which they stand.</summary>
public sealed class ProjectionTests
{
    [Theory]   // a small letter is the projection of the upsert with the capital
    [InlineData("A", "A", "")]
    [InlineData("A a", "A", "a")]
    [InlineData("a A", "A", "a")]
    [InlineData("A a B", "A B", "a")]
    [InlineData("a A b B", "A B", "a b")]
    [InlineData("a b A B", "b A B", "a")]
    [InlineData("A a B b", null, "a b")]
    [InlineData("A B a b", null, "a")]
    public void Two_projections_are_safe_only_right_before_their_upserts(string sent, string? written, string shown)
    {
        var left = Projections.TakeFrom([.. sent.Split(' ').Select(Upsert)], out var projections);

        Assert.Equal(written, left is null ? null : string.Join(' ', left.Select(Letter)));
        Assert.Equal(shown, string.Join(' ', projections.Values.Select(Letter).Order()));
    }

    static StateOperation Upsert(string letter) => new StateSet(
        letter.ToUpperInvariant(), System.Text.Encoding.UTF8.GetBytes(letter), null, StateConcurrency.Unspecified,
        char.IsLower(letter[0]) ? new Dictionary<string, string> { ["outbox.projection"] = "true" } : StateRequest.NoMetadata);

    static string Letter(StateOperation operation) =>
        System.Text.Encoding.UTF8.GetString(((StateSet)operation).Value.Span);
}
