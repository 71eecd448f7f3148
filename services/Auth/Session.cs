using Ticketing.Common;

namespace Ticketing.Auth;

/// <summary>One session of an account, as its owner is shown it.</summary>
/// <param name="RenewedAt">When its newest token was signed.</param>
/// <param name="From">The <see cref="AddressBlock"/> that token went to.</param>
/// <param name="Browser">In words of ours, see <see cref="BrowserName"/>.</param>
public sealed record Session(string Id, DateTimeOffset BeganAt, DateTimeOffset RenewedAt, string From, string Browser)
{
    /// <summary>Its last token has run out: nothing is left that could be ended or renewed.</summary>
    public bool HasRunOut(DateTimeOffset now) => RenewedAt + Sessions.TokenLifetime + SessionToken.ClockSkew < now;
}
