using Ticketing.Common;

namespace Ticketing.Auth;

/// <summary>Settings that make tests quick or a developer's browser work, and must not reach real people.</summary>
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
        // Over https the cookie is Secure all the same: it is told, not refused.
        if (app.Configuration.GetValue("Cookies:AllowHttp", false))
            app.Services.GetRequiredService<ILogger<AuthWarnings>>().HttpCookies();
    }

    sealed class AuthWarnings;
}
