using System.Collections.Concurrent;
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
    /// <summary>Some 5 KB each; two generations of them.</summary>
    const int GenerationSize = 2_000;
    ConcurrentDictionary<string, TokenValidationResult> young = new(), old = new();

    public override async Task<TokenValidationResult> ValidateTokenAsync(string token,
        TokenValidationParameters validationParameters)
    {
        if ((young.TryGetValue(token, out var known) || old.TryGetValue(token, out known))
            && isNow(known.SecurityToken.ValidFrom, known.SecurityToken.ValidTo))
            return known;
        var result = await base.ValidateTokenAsync(token, validationParameters);
        if (result.IsValid)
            Remember(token, result);
        return result;
    }

    // Two at once may start a generation each: that forgets a few too many, which costs them one more check.
    void Remember(string token, TokenValidationResult result)
    {
        if (young.Count >= GenerationSize)
            (old, young) = (young, new());
        young[token] = result;
    }
}
