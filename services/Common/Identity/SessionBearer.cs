using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Ticketing.Common;

/// <summary>Who is asking: the token in the cookie, or as a bearer token for clients without a cookie jar.</summary>
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
        options.TokenHandlers.Add(new RememberedTokens(IsNow)
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
            // Whatever the header says about its key (kid, jku, jwk): ours are the only ones.
            IssuerSigningKeyResolver = (_, _, _, _) => keys.All,
            LifetimeValidator = (notBefore, expires, _, _) => IsNow(notBefore, expires),
            NameClaimType = JwtRegisteredClaimNames.Sub,
        };
        options.Events = new() { OnMessageReceived = Find, OnTokenValidated = Check };
    }

    bool IsNow(DateTime? notBefore, DateTime? expires)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return notBefore - SessionToken.ClockSkew <= now && now < expires + SessionToken.ClockSkew;
    }

    async Task Find(MessageReceivedContext context)
    {
        var isBearer = context.Request.Headers.Authorization.Count > 0;
        var cookies = isBearer ? [] : BrowserCookies.Sessions(context.Request);
        if (!isBearer && cookies.Count == 0)
        {
            context.NoResult();
            return;
        }
        if (!keys.IsLoaded)
            throw new TryAgainException("The key that tokens are checked with is not loaded yet.");
        if (isBearer)
            return;
        context.Token = await FirstGood(cookies, context.Options);
        if (context.Token is null)
            context.NoResult();
    }

    // A neighbour (a sibling domain, a parent path) can plant cookies of the name; they must not hide the right one.
    async Task<string?> FirstGood(IReadOnlyList<string> tokens, JwtBearerOptions options)
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

    Task Check(TokenValidatedContext context)
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
