using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Ticketing.Common;

/// <summary>Authenticates by the session token, from the cookie or (for clients without cookies) as a bearer.</summary>
sealed class SessionBearer(SessionKeys keys, RevokedSessions revoked, TimeProvider clock)
    : IConfigureNamedOptions<JwtBearerOptions>
{
    public static void AddTo(IServiceCollection services)
    {
        services.TryAddSingleton<Secrets>();
        services.TryAddSingleton<ReadSecret>(provider =>
            Secrets.FromDapr(provider.GetRequiredService<Dapr.Client.DaprClient>()));
        services.AddSingleton<SessionKeys>().AddHostedService(provider => provider.GetRequiredService<SessionKeys>());
        services.AddSingleton<RevokedSessions>();
        services.AddSingleton<IConfigureOptions<JwtBearerOptions>, SessionBearer>();
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        services.AddAuthorization();
    }

    public void Configure(JwtBearerOptions options) => Configure(JwtBearerDefaults.AuthenticationScheme, options);

    public void Configure(string? name, JwtBearerOptions options)
    {
        options.MapInboundClaims = false;
        options.IncludeErrorDetails = false;
        options.SaveToken = false;
        options.TokenHandlers.Clear();
        options.TokenHandlers.Add(new CachedTokenHandler(IsInLifetime)
        {
            MapInboundClaims = false,
            MaximumTokenSizeInBytes = SessionToken.BytesMax,
        });
        options.TokenValidationParameters = new()
        {
            ValidIssuer = SessionToken.Issuer,
            ValidAudience = SessionToken.Audience,
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            ValidTypes = ["JWT"],
            // The token's header (kid, jku, jwk) is the client's text and must not choose the key.
            IssuerSigningKeyResolver = (_, _, _, _) => keys.All,
            LifetimeValidator = (notBefore, expires, _, _) => IsInLifetime(notBefore, expires),
            NameClaimType = JwtRegisteredClaimNames.Sub,
        };
        options.Events = new() { OnMessageReceived = FindToken, OnTokenValidated = CheckRevoked };
    }

    bool IsInLifetime(DateTime? notBefore, DateTime? expires)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return notBefore - SessionToken.ClockSkew <= now && now < expires + SessionToken.ClockSkew;
    }

    async Task FindToken(MessageReceivedContext context)
    {
        var isBearer = context.Request.Headers.Authorization.Count > 0;
        var cookies = isBearer ? [] : BrowserCookies.Sessions(context.Request);
        if (!isBearer && cookies.Count == 0)
        {
            context.NoResult();
            return;
        }
        if (!keys.IsLoaded)
            throw new TryAgainException("The key that verifies session tokens is not loaded yet.");
        if (isBearer)
            return;
        context.Token = await FirstValid(cookies, context.Options);
        if (context.Token is null)
            context.NoResult();
    }

    // Another site of the domain can set cookies of the same name; they must not hide the valid one.
    async Task<string?> FirstValid(IReadOnlyList<string> tokens, JwtBearerOptions options)
    {
        foreach (var token in tokens)
        {
            var result = await options.TokenHandlers[0].ValidateTokenAsync(token, options.TokenValidationParameters);
            if (result.IsValid && User.From(new(result.ClaimsIdentity)) is { } user
                && !revoked.Contains(user))
                return token;
        }
        return null;
    }

    Task CheckRevoked(TokenValidatedContext context)
    {
        if (User.From(context.Principal!) is not { } user)
            context.Fail("A claim is missing.");
        else if (revoked.Contains(user))
            context.Fail("This session was signed out.");
        else
            BrowserCookies.SetVerifiedSession(context.HttpContext, ((JsonWebToken)context.SecurityToken).EncodedToken);
        return Task.CompletedTask;
    }
}
