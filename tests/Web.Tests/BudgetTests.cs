using System.IO.Compression;
using Ticketing.Testing;

namespace Ticketing.Web.Tests;

/// <summary>The bytes that a page transfers, as compressed on the wire.</summary>
public class BudgetTests
{
    const int BytesMax = 12 * 1024;

    [Theory]
    [InlineData("*.js")]
    [InlineData("*.css")]
    public void All_scripts_together_and_all_styles_together_stay_small(string pattern)
    {
        var files = Directory.GetFiles(Repository.At("services/Web/wwwroot"), pattern);
        Assert.NotEmpty(files);
        Assert.InRange(files.Sum(file => Compressed(File.ReadAllBytes(file))), 1, BytesMax);
    }

    static int Compressed(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            brotli.Write(plain);
        return (int)packed.Length;
    }
}
