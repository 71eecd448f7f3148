using System.Security.Cryptography;
using System.Text;

namespace Ticketing.Ingress;

/// <summary>
/// Shown while the web client does not answer. It loads nothing from elsewhere. Its script polls in the background and
/// reloads only once the site answers again, so that it does not interrupt a screen reader before that.
/// </summary>
static class UnavailablePage
{
    const string Style = """
        :root { color-scheme: light dark }
        body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; box-sizing: border-box;
          background: light-dark(#f7f6f2, #131417); color: light-dark(#1b1c20, #efede7);
          font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Liberation Sans", sans-serif }
        main { max-width: 30rem; padding: 2rem; border-radius: .75rem; border: 1px solid light-dark(#e2e0d8, #33363f);
          background: light-dark(#fff, #1c1e23) }
        svg { color: light-dark(#0b6455, #63d3bb) } h1 { margin: .75rem 0 0; font-size: 1.6rem; line-height: 1.2 } p { margin: 1rem 0 0 }
        a { display: inline-block; padding: .6rem 1.5rem; border-radius: .6rem; font-weight: 600; text-decoration: none;
          background: light-dark(#0b6455, #63d3bb); color: light-dark(#fff, #06231d) }
        a:focus-visible { outline: 3px solid light-dark(#0b6455, #63d3bb); outline-offset: 2px }
        .quiet { color: light-dark(#595c66, #a9adb8); font-size: .9rem }
        """;

    const string Script = """
        setInterval(async () => {
          const answer = await fetch(location.href, { method: 'HEAD', cache: 'no-store' });
          if (answer.status !== 503) location.reload();
        }, 2000);
        """;

    static readonly string Policy = $"default-src 'none'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        + $"frame-ancestors 'none'; style-src {Hash(Style)}; script-src {Hash(Script)}";

    public static bool IsWanted(HttpRequest request) => request.GetTypedHeaders().Accept
        .Any(type => type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase) && type.Quality is not 0);

    public static Task Write(HttpContext context, string reference)
    {
        var response = context.Response;
        response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        var isRead = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        return response.WriteAsync(isRead ? Html(Goes, Again(""), Script, reference) : Html(Sent, Again("/"), "", reference));
    }

    const string Goes = "This page goes on by itself as soon as it is back.";

    // Without the script: reloading could send the form again without the person's knowledge.
    const string Sent = "What you have just sent may have arrived or not. Go back and send it again: nothing is done twice.";

    static string Again(string path) => $"""<a href="{path}">{(path.Length == 0 ? "Try again" : "To the listings")}</a>""";

    static string Html(string next, string link, string script, string reference) => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Back in a moment · Ticketing</title>
        <style>{Style}</style>
        </head>
        <body>
        <main>
        <svg width="42" height="30" viewBox="0 0 28 20" fill="currentColor" aria-hidden="true"><path d="M3 0h22a3 3 0 0 1 3 3v3.5a3.5 3.5 0 0 0 0 7V17a3 3 0 0 1-3 3H3a3 3 0 0 1-3-3v-3.5a3.5 3.5 0 0 0 0-7V3a3 3 0 0 1 3-3zm15 4v2.5h2V4zm0 5v2h2V9zm0 4.5V16h2v-2.5z"/></svg>
        <h1>The shop is back in a moment</h1>
        <p><strong>Your orders, your tickets and your money are safe.</strong> Only the pages are away for a short while; what was paid stays paid, and nothing is charged twice.</p>
        <p role="status">{next}</p>
        <p>{link}</p>
        <p class="quiet">Reference <code>{reference}</code></p>
        </main>
        {(script.Length > 0 ? $"<script>{script}</script>" : "")}
        </body>
        </html>
        """;

    static string Hash(string content) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content)))}'";
}
