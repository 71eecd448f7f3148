using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Ticketing.Common;
using Ticketing.Testing;

namespace Ticketing.Hosting.Tests;

/// <summary>Secrets in a public repository protect nothing: outside Development they are refused.</summary>
public sealed partial class DevelopmentSecretTests
{
    static readonly JsonElement file =
        JsonDocument.Parse(File.ReadAllText(Repository.At("components/development-secrets.json"))).RootElement;

    static string PublicKey => file.GetProperty(SessionKeys.SecretName).GetString()!;

    [Fact]
    public void Every_secret_of_the_repository_is_known()
    {
        var secrets = file.EnumerateObject().Where(secret => secret.Name != "_comment")
            .Select(secret => secret.Value.GetString()!)
            .Concat(Token().Matches(File.ReadAllText(Repository.At("k8s/overlays/local/kustomization.yaml")))
                .Select(match => match.Groups[1].Value)).ToList();
        Assert.Equal(7, secrets.Count);
        Assert.All(secrets, secret => Assert.True(DevelopmentSecrets.Contains(secret), secret));
    }

    [Fact]
    public void In_whatever_form_it_comes()
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(file.GetProperty("jwt-private-key").GetString());
        Assert.True(DevelopmentSecrets.Contains(key.ExportECPrivateKeyPem()));
        Assert.True(DevelopmentSecrets.Contains($"{TestSessions.PublicKeyPem}\n{PublicKey.ReplaceLineEndings("\r\n")}"));
        Assert.True(DevelopmentSecrets.Contains("whsec_own, whsec_local \n"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("sk_live_own")]
    [InlineData("whsec_own,whsec_localized")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nnothing\n-----END PUBLIC KEY-----")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")]
    public void Others_are_not(string secret) => Assert.False(DevelopmentSecrets.Contains(secret));

    [Fact]
    public void Nor_is_a_key_of_ones_own() => Assert.False(DevelopmentSecrets.Contains(TestSessions.PrivateKeyPem));

    [Theory]
    [InlineData("Production", SessionKeys.SecretName, true)]
    [InlineData("Staging", SessionKeys.SecretName, true)]
    [InlineData("Development", SessionKeys.SecretName, false)]
    [InlineData("Production", "APP_API_TOKEN", true)]
    [InlineData("Production", "DAPR_API_TOKEN", true)]
    [InlineData("Development", "APP_API_TOKEN", false)]
    public async Task Outside_development_it_ends_the_process(string environment, string name, bool isRefused)
    {
        var isKey = name == SessionKeys.SecretName;
        await using var host = await ServiceHost.Start(NotesApp.Build, builder =>
        {
            builder.Services.AddSingleton<ReadSecret>((_, _) =>
                Task.FromResult(isKey ? PublicKey : TestSessions.PublicKeyPem));
            if (!isKey)
                builder.Configuration[name] = "local-app-token";
        }, args: $"--environment={environment}");
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        Assert.Equal(isRefused, stopping.IsCancellationRequested);
        Assert.Equal(isRefused ? 1 : 0, Environment.ExitCode);
        Environment.ExitCode = 0;
        var lines = host.Logs.All.Where(line => line.StartsWith("Critical", StringComparison.Ordinal)).ToList();
        if (!isRefused)
        {
            Assert.Empty(lines);
            return;
        }
        var line = Assert.Single(lines);
        Assert.Contains($"Refused to start: {name} is the development secret", line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", line, StringComparison.Ordinal);
    }

    [GeneratedRegex("token=(\\S+)\\]")]
    private static partial Regex Token();
}
