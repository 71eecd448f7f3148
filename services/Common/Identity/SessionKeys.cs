using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.IdentityModel.Tokens;

namespace Ticketing.Common;

/// <summary>
/// The public keys that verify session tokens, read at start. The secret may hold several PEM blocks: while a key is
/// being replaced, tokens signed with the old and with the new one are both valid.
/// </summary>
public sealed class SessionKeys(Secrets secrets) : BackgroundService
{
    public const string SecretName = "jwt-public-key";

    volatile List<SecurityKey> keys = [];

    public IReadOnlyList<SecurityKey> All => keys;
    public bool IsLoaded => keys.Count > 0;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Usually the sidecar is up already, and the first request finds the key.
        if (await secrets.TryRead(SecretName, cancellationToken) is { } pem)
            keys = Parse(pem);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!IsLoaded)
            keys = Parse(await secrets.Wait(SecretName, stoppingToken));
    }

    static List<SecurityKey> Parse(string pem)
    {
        var found = new List<SecurityKey>();
        while (PemEncoding.TryFind(pem, out var block))
        {
            var key = ECDsa.Create();
            key.ImportFromPem(pem.AsSpan(block.Location));
            if (key.KeySize == 256)
                found.Add(new ECDsaSecurityKey(key));
            pem = pem[block.Location.End..];
        }
        return found.Count > 0
            ? found
            : throw new InvalidOperationException($"{SecretName} holds no PEM key on P-256.");
    }
}
