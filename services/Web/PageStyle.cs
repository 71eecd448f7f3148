using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Components;
using Ticketing.Common;

namespace Ticketing.Web;

/// <summary>
/// The stylesheet, inlined in every page: on a phone one more round trip before the first paint costs more than these
/// few kilobytes. The content security policy allows it by its hash, and no other inline style.
/// </summary>
sealed class PageStyle
{
    public PageStyle(SiteFiles files)
    {
        // An HTML parser normalizes line endings to \n, and the browser hashes the result.
        var css = Encoding.UTF8.GetString(files.Content("app.css")).ReplaceLineEndings("\n");
        Element = new($"<style>{css}</style>");
        Source = $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(css)))}'";
    }

    /// <summary>The style element, for the head of a page.</summary>
    public MarkupString Element { get; }

    /// <summary>Its hash, for <c>style-src</c>.</summary>
    public string Source { get; }
}
