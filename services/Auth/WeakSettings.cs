using Ticketing.Common;

namespace Ticketing.Auth;

/// <summary>Refuses settings outside Development that are only for tests or for a developer's browser.</summary>
static class WeakSettings
{
    public static void Check(WebApplication app)
    {
        var start = app.Services.GetRequiredService<StartRefusal>();
        if (start.IsDevelopment)
            return;
        var iterations = app.Configuration.GetValue("Passwords:Iterations", Passwords.Iterations);
        if (iterations < Passwords.Iterations)
        {
            start.Refuse($"Passwords:Iterations is {iterations}, which is for tests: leave it out, or give "
                + $"{Passwords.Iterations} or more.");
        }
        // Only a warning: over https the cookie is Secure all the same.
        if (app.Configuration.GetValue("Cookies:AllowHttp", false))
            app.Services.GetRequiredService<ILogger<AuthWarnings>>().HttpCookies();
    }

    sealed class AuthWarnings;
}
