using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Ticketing.Common;

/// <summary>
/// Verifies the signature of each token once: that costs as much as the rest of a small request. Lifetime and sign-out
/// are checked every time.
/// </summary>
/// <param name="isInLifetime">Whether now is between these two moments.</param>
sealed class CachedTokenHandler(Func<DateTime?, DateTime?, bool> isInLifetime) : JsonWebTokenHandler
{
    /// <summary>About 5 KB each; the cache holds at most twice as many.</summary>
    const int CachedMax = 2_000;

    readonly BoundedCache<string, TokenValidationResult> valid = new(CachedMax);

    public override async Task<TokenValidationResult> ValidateTokenAsync(string token,
        TokenValidationParameters validationParameters)
    {
        if (valid.TryGet(token, out var known)
            && isInLifetime(known.SecurityToken.ValidFrom, known.SecurityToken.ValidTo))
            return known;
        var result = await base.ValidateTokenAsync(token, validationParameters);
        if (result.IsValid)
            valid.Set(token, result);
        return result;
    }
}
