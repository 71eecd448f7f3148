using Microsoft.Playwright;

namespace Ticketing.Load;

/// <summary>Debian's Chromium: Playwright's own is not downloaded.</summary>
static class Chromium
{
    const string Path = "/usr/bin/chromium";

    /// <exception cref="InvalidOperationException">It is not installed.</exception>
    public static Task<IBrowser> Launch(IPlaywright playwright)
    {
        if (!File.Exists(Path))
            throw new InvalidOperationException($"There is no {Path}: apt-get install chromium fonts-dejavu-core fonts-liberation");
        return playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Path,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
        });
    }
}
