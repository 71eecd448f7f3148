using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Components;
using Ticketing.Common;

namespace Ticketing.Web;

/// <summary>
/// The stylesheet, as it stands in every page: one more round trip before the first paint costs a phone more than these
/// few kilobytes do. The page's policy allows this one style by its hash, and no other inline.
/// </summary>
sealed class PageStyle
{
    public PageStyle(SiteFiles files)
    {
        // As an HTML parser reads lines: the hash is of what it has read.
        var css = Encoding.UTF8.GetString(files.Content("app.css")).ReplaceLineEndings("\n");
        Element = new($"<style>{css}</style>");
        Source = $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(css)))}'";
    }

    /// <summary>For the head of a page.</summary>
    public MarkupString Element { get; }

    /// <summary>For <c>style-src</c>.</summary>
    public string Source { get; }
}
