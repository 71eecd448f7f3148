using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace Ticketing.Common;

/// <summary>
/// Static files embedded in assemblies, read and compressed once. The address contains a version, a hash over all
/// files, so browsers cache them for ever. One version for all, because scripts import each other.
/// </summary>
/// <remarks>
/// While instances of two versions run, either may get requests for the other's files: a known name is served under any
/// version, but cached only under its own. MapStaticAssets answers 404 there, and outside Development it finds no files
/// for a program that was built and not published.
/// </remarks>
public sealed class SiteFiles
{
    const string Folder = "wwwroot/";
    static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    readonly string path;
    readonly string version;
    readonly Dictionary<string, SiteFile> byName;

    /// <param name="path">The prefix of the addresses, such as <c>/files</c>.</param>
    /// <param name="owners">The assemblies that embed the files.</param>
    public SiteFiles(string path, params Assembly[] owners)
    {
        this.path = path;
        var files = owners.SelectMany(owner => owner.GetManifestResourceNames()
                .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
                .Select(name => (Name: name[Folder.Length..], Content: Read(owner, name))))
            .OrderBy(file => file.Name, StringComparer.Ordinal).ToList();
        version = Convert.ToHexStringLower(SHA256.HashData([.. files.SelectMany(file => file.Content)]))[..12];
        byName = files.ToDictionary(file => file.Name, file => SiteFile.Of(file.Name, file.Content));
    }

    /// <summary>The address of this file in this version.</summary>
    public string Url(string name) => byName.ContainsKey(name)
        ? $"{path}/{version}/{name}" : throw new FileNotFoundException($"There is no {name}.");

    public ReadOnlySpan<byte> Content(string name) => byName[name].Plain;

    public void Map(IEndpointRouteBuilder app) => app.MapMethods($"{path}/{{asked}}/{{name}}", Methods,
        (HttpContext context, string asked, string name) => Serve(context, name, keep: asked == version));

    /// <summary>For a file whose address must not change: the browser revalidates it each time.</summary>
    public void MapFixed(IEndpointRouteBuilder app, string address, string name) =>
        app.MapMethods(address, Methods, (HttpContext context) => Serve(context, name, keep: false));

    IResult Serve(HttpContext context, string name, bool keep)
    {
        if (!byName.TryGetValue(name, out var file))
            return Results.NotFound();
        var (encoding, bytes) = file.For(context.Request.GetTypedHeaders().AcceptEncoding);
        var headers = context.Response.Headers;
        headers.CacheControl = keep ? "public, max-age=31536000, immutable" : "no-cache";
        headers.Vary = HeaderNames.AcceptEncoding;
        headers.XContentTypeOptions = "nosniff";
        // For a script that runs outside any page (a worker).
        headers.ContentSecurityPolicy = "default-src 'none'";
        if (encoding is not null)
            headers.ContentEncoding = encoding;
        return Results.Bytes(bytes, file.ContentType, entityTag: new($"\"{version}{encoding}\""));
    }

    static byte[] Read(Assembly owner, string name)
    {
        using var stream = owner.GetManifestResourceStream(name)!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    sealed record SiteFile(string ContentType, byte[] Plain, byte[] Brotli, byte[] Gzip)
    {
        static readonly FileExtensionContentTypeProvider Types = new();

        public static SiteFile Of(string name, byte[] plain) => new(
            TypeOf(name), plain,
            Packed(plain, to => new BrotliStream(to, CompressionLevel.SmallestSize, leaveOpen: true)),
            Packed(plain, to => new GZipStream(to, CompressionLevel.SmallestSize, leaveOpen: true)));

        public (string? Encoding, byte[] Bytes) For(IList<StringWithQualityHeaderValue> accepted)
        {
            bool Accepts(string encoding) => accepted.Any(one => one.Quality is not 0
                && one.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase));
            return Accepts("br") ? ("br", Brotli) : Accepts("gzip") ? ("gzip", Gzip) : (null, Plain);
        }

        static string TypeOf(string name) => !Types.TryGetContentType(name, out var type) ? "application/octet-stream"
            : type.StartsWith("text/", StringComparison.Ordinal) ? $"{type}; charset=utf-8" : type;

        static byte[] Packed(byte[] plain, Func<Stream, Stream> packer)
        {
            using var packed = new MemoryStream();
            using (var stream = packer(packed))
                stream.Write(plain);
            return packed.ToArray();
        }
    }
}
