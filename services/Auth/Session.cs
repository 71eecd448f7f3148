using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Auth;

/// <summary>One session of an account.</summary>
/// <param name="RenewedAt">When its newest token was signed.</param>
/// <param name="From">The <see cref="AddressBlock"/> that requested that token.</param>
/// <param name="Browser">See <see cref="BrowserName"/>.</param>
public sealed record Session(string Id, DateTimeOffset BeganAt, DateTimeOffset RenewedAt, string From, string Browser)
    : Extensible
{
    /// <summary>Its last token has expired: there is nothing left to end or renew.</summary>
    public bool HasRunOut(DateTimeOffset now) => RenewedAt + Sessions.TokenLifetime + SessionToken.ClockSkew < now;
}
