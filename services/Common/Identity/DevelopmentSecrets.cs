using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;

namespace Ticketing.Common;

/// <summary>
/// The secrets that stand in this repository, which everybody can read. Outside Development a process that is given one
/// ends at once.
/// </summary>
public static class DevelopmentSecrets
{
    /// <summary>SHA-256 of the public key (SubjectPublicKeyInfo) that belongs to the session key in the file.</summary>
    const string SessionKeyHash = "e93f1330cfe17692949e4d78836a45b258419faed85a0e779726bf5bd304d66b";

    // components/development-secrets.json, k8s/overlays/local.
    static readonly HashSet<string> texts =
        ["sk_test_local", "pk_test_local", "whsec_local", "local-app-token", "local-dapr-token"];

    static readonly string[] tokens = ["APP_API_TOKEN", "DAPR_API_TOKEN"];

    /// <summary>Whether a secret is, or holds beside others, one that everybody knows.</summary>
    public static bool Contains(string secret) => HasKnownKey(secret)
        || secret.Split(',', StringSplitOptions.TrimEntries).Any(texts.Contains);

    /// <summary>The tokens of sidecar and app, which are in the environment and not in the secret store.</summary>
    internal static void CheckTokens(IConfiguration configuration, StartRefusal start)
    {
        foreach (var name in tokens)
        {
            if (Contains(configuration[name] ?? ""))
                Refuse(name, start);
        }
    }

    /// <returns>False: it is not for use, and the process ends.</returns>
    internal static bool Allow(string name, string secret, StartRefusal start)
    {
        if (start.IsDevelopment || !Contains(secret))
            return true;
        Refuse(name, start);
        return false;
    }

    static void Refuse(string name, StartRefusal start)
    {
        if (!start.IsDevelopment)
            start.Refuse($"{name} is the development secret that stands in the public repository: "
                + "generate one of your own (k8s/README.md), or set ASPNETCORE_ENVIRONMENT=Development.");
    }

    // However it is written down: as a private or public key, alone or among others.
    static bool HasKnownKey(string pem)
    {
        while (PemEncoding.TryFind(pem, out var block))
        {
            using var key = ECDsa.Create();
            try
            {
                key.ImportFromPem(pem.AsSpan(block.Location));
                if (Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo())) == SessionKeyHash)
                    return true;
            }
            catch (Exception e) when (e is ArgumentException or CryptographicException)
            {
                // Something else in PEM's clothes (a certificate, parameters): whoever reads the secret judges it.
            }
            pem = pem[block.Location.End..];
        }
        return false;
    }
}
