using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace Ticketing.Web;

/// <summary>
/// The stylesheet and the scripts: read once, compressed once, served under a folder that changes with their content, so
/// that a browser keeps them for good and never has an old one. One folder for all: a script imports its neighbour.
/// </summary>
sealed class SiteFiles
{
    sealed record SiteFile(string Url, string ContentType, string ETag, byte[] Plain, byte[] Brotli);

    readonly Dictionary<string, SiteFile> byName = [];
    readonly Dictionary<string, SiteFile> byUrl = [];

    public SiteFiles(IWebHostEnvironment host)
    {
        var types = new FileExtensionContentTypeProvider();
        var files = host.WebRootFileProvider.GetDirectoryContents("").Where(entry => !entry.IsDirectory)
            .OrderBy(entry => entry.Name, StringComparer.Ordinal).Select(entry => (entry.Name, Bytes: Read(entry))).ToList();
        var hash = Convert.ToHexStringLower(SHA256.HashData([.. files.SelectMany(file => file.Bytes)]))[..12];
        foreach (var (name, plain) in files)
        {
            var url = $"/files/{hash}/{name}";
            var type = types.TryGetContentType(name, out var known) ? known : "application/octet-stream";
            byName[name] = byUrl[url] = new(url, type, $"\"{hash}\"", plain, Compressed(plain));
        }
    }

    /// <summary>Where the browser gets this file of <c>wwwroot</c>, in this very version.</summary>
    public string Url(string name) => byName[name].Url;

    public void Map(IEndpointRouteBuilder app) => app.MapGet("/files/{hash}/{name}", Serve);

    IResult Serve(HttpContext context)
    {
        if (!byUrl.TryGetValue(context.Request.Path, out var file))
            return Results.NotFound();
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        context.Response.Headers.Vary = "Accept-Encoding";
        var brotli = context.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal);
        if (brotli)
            context.Response.Headers.ContentEncoding = "br";
        return Results.Bytes(brotli ? file.Brotli : file.Plain, file.ContentType, entityTag: new(file.ETag));
    }

    static byte[] Read(IFileInfo entry)
    {
        using var stream = entry.CreateReadStream();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    static byte[] Compressed(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.SmallestSize))
            brotli.Write(plain);
        return packed.ToArray();
    }
}
