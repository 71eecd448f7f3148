using Microsoft.AspNetCore.Http;
using Ticketing.Flow;

namespace Ticketing.Run.Pages;

/// <summary>The shop's stylesheet and icon, and the flow's own: served under an address that changes with them.</summary>
public sealed class PageFiles
{
    static readonly (string Name, string Type)[] Names =
    [
        ("app.css", "text/css"), ("flow.css", "text/css"), ("flow.js", "text/javascript"), ("icon.svg", "image/svg+xml"),
    ];

    readonly Dictionary<string, (string Type, byte[] Content)> _byPath = [];
    readonly Dictionary<string, string> _pathOf = [];

    public PageFiles()
    {
        foreach (var (name, type) in Names)
        {
            var content = Read(name);
            _pathOf[name] = $"{FlowServer.Path}/files/{FlowFiles.Version(content)}/{name}";
            _byPath[_pathOf[name]] = (type, content);
        }
    }

    static byte[] Read(string name)
    {
        using var own = typeof(PageFiles).Assembly.GetManifestResourceStream(name);
        if (own is null) return FlowFiles.Read(name);
        using var bytes = new MemoryStream();
        own.CopyTo(bytes);
        return bytes.ToArray();
    }

    public string Url(string name) => _pathOf[name];

    public IResult Serve(HttpContext context)
    {
        if (!_byPath.TryGetValue(context.Request.Path.Value ?? "", out var file)) return Results.NotFound();
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return Results.Bytes(file.Content, $"{file.Type}; charset=utf-8");
    }
}
