using System.Text;
using System.Text.Json.Nodes;

namespace Ticketing.Conformance;

/// <summary>
/// Moments that a request named were recorded as <c>&lt;time&gt;</c>: how far off each was is in <c>apps.json</c>, as
/// what happened then tells.
/// </summary>
sealed class Instants(CaseSetup setup)
{
    public byte[] Fill(JsonObject request, byte[] body)
    {
        var text = Encoding.UTF8.GetString(body);
        if (!text.Contains("<time>", StringComparison.Ordinal)) return body;
        var seconds = setup.App("app").Script.About("instants")!.AsObject()
            .First(instant => request.Text("path").EndsWith(instant.Key, StringComparison.Ordinal)).Value!.GetValue<double>();
        var moment = TimeProvider.System.GetUtcNow().AddSeconds(seconds);
        return Encoding.UTF8.GetBytes(text.Replace("<time>", $"{moment:yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'}", StringComparison.Ordinal));
    }
}
