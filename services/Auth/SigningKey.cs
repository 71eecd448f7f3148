using System.Security.Cryptography;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Ticketing.Common;

namespace Ticketing.Auth;

/// <summary>The private key that signs tokens; only auth may read it from the secret store.</summary>
public sealed class SigningKey(Secrets secrets) : BackgroundService
{
    const string SecretName = "jwt-private-key";
    static readonly JsonWebTokenHandler handler = new() { SetDefaultTimesOnTokenCreation = false };

    volatile SigningCredentials? credentials;

    /// <exception cref="TryAgainException">The key is not loaded yet.</exception>
    public string Sign(SecurityTokenDescriptor token)
    {
        token.SigningCredentials = credentials
            ?? throw new TryAgainException("The key that signs tokens is not loaded yet.");
        return handler.CreateToken(token);
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (await secrets.TryRead(SecretName, cancellationToken) is { } pem)
            credentials = Parse(pem);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken) =>
        credentials ??= Parse(await secrets.Wait(SecretName, stoppingToken));

    static SigningCredentials Parse(string pem)
    {
        var key = ECDsa.Create();
        key.ImportFromPem(pem);
        return new(new ECDsaSecurityKey(key), SecurityAlgorithms.EcdsaSha256);
    }

    internal sealed class Check(SigningKey key) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context,
            CancellationToken cancellationToken = default) =>
            Task.FromResult(key.credentials is null ? HealthCheckResult.Unhealthy() : HealthCheckResult.Healthy());
    }
}
