using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;

namespace Ticketing.Common;

/// <summary>
/// The secrets in this public repository. Outside Development a process that is configured with one exits.
/// </summary>
public static class DevelopmentSecrets
{
    /// <summary>SHA-256 of the public key (SubjectPublicKeyInfo) that belongs to the session key in the file.</summary>
    const string SessionKeyHash = "e93f1330cfe17692949e4d78836a45b258419faed85a0e779726bf5bd304d66b";

    // components/development-secrets.json, k8s/overlays/local.
    static readonly HashSet<string> texts =
        ["sk_test_local", "pk_test_local", "whsec_local", "local-app-token", "local-dapr-token"];

    static readonly string[] tokens = ["APP_API_TOKEN", "DAPR_API_TOKEN"];

    /// <summary>Whether a secret is a development secret, or a list with one in it.</summary>
    public static bool Contains(string secret) => HasKnownKey(secret)
        || secret.Split(',', StringSplitOptions.TrimEntries).Any(texts.Contains);

    /// <summary>Checks the API tokens of sidecar and app: they are environment variables, not in the store.</summary>
    internal static void CheckTokens(IConfiguration configuration, StartRefusal start)
    {
        foreach (var name in tokens)
        {
            if (Contains(configuration[name] ?? ""))
                Refuse(name, start);
        }
    }

    /// <returns>False: the secret must not be used, and the process exits.</returns>
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

    // As a private or a public key, alone or among other PEM blocks.
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
                // A PEM block that is not a key (a certificate, parameters): the code that uses the secret rejects it.
            }
            pem = pem[block.Location.End..];
        }
        return false;
    }
}
