using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Ticketing.Common;

/// <summary>
/// <c>APP_API_TOKEN</c>: the sidecar sends it to its app, and nobody else has it. If none is configured, every request
/// passes in Development and none elsewhere. A development token counts as not configured.
/// </summary>
sealed class AppToken(IConfiguration configuration, IHostEnvironment host)
{
    const string Header = "dapr-api-token";

    // Compared as hashes: equal length and constant time.
    readonly byte[]? token = configuration["APP_API_TOKEN"] is { Length: > 0 } text
        && (host.IsDevelopment() || !DevelopmentSecrets.Contains(text)) ? Hash(text) : null;

    public bool IsShownBy(HttpRequest request) => token is null
        ? host.IsDevelopment()
        : request.Headers[Header] is [{ } given] && CryptographicOperations.FixedTimeEquals(token, Hash(given));

    static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
