using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Ticketing.Common;

/// <summary>
/// Checking a signature costs as much as all the rest of a small request, and a token that was good stays good until
/// it ends: it is checked once. (Whether its session was signed out is asked every time.)
/// </summary>
/// <param name="isNow">Whether the time between these two is now.</param>
sealed class RememberedTokens(Func<DateTime?, DateTime?, bool> isNow) : JsonWebTokenHandler
{
    /// <summary>Some 5 KB each; at most twice as many.</summary>
    const int RememberedMax = 2_000;

    readonly BoundedCache<string, TokenValidationResult> good = new(RememberedMax);

    public override async Task<TokenValidationResult> ValidateTokenAsync(string token,
        TokenValidationParameters validationParameters)
    {
        if (good.TryGet(token, out var known) && isNow(known.SecurityToken.ValidFrom, known.SecurityToken.ValidTo))
            return known;
        var result = await base.ValidateTokenAsync(token, validationParameters);
        if (result.IsValid)
            good.Set(token, result);
        return result;
    }
}
