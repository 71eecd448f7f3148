using System.Security.Cryptography;

namespace Ticketing.Flow;

/// <summary>The stylesheet and the script of these pages, for whoever shows them.</summary>
public static class FlowFiles
{
    public static byte[] Read(string name)
    {
        using var file = typeof(FlowFiles).Assembly.GetManifestResourceStream(name)
            ?? throw new FileNotFoundException($"There is no {name}.");
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>Changes with the content: a browser may keep what it got under an address with it for good.</summary>
    public static string Version(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content))[..12];
}
