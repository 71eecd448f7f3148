using System.Text.RegularExpressions;
using Ticketing.Common;
using Ticketing.Testing;
using Ticketing.Web;

namespace Ticketing.Fuzz.Tests;

/// <summary>All pages and forms of the web client, with fake services that always answer.</summary>
sealed partial class WebSuite(OtherAppsServer others) : Suite
{
    readonly SortedSet<string> fields = new(StringComparer.Ordinal);
    string file = "";

    public override string Name => "web";
    public override bool IsForBrowsers => true;
    public override IReadOnlyList<string> FormFields => [.. fields];

    public override string UserOf(FuzzRoute route, int number) =>
        route.Text.StartsWith("/console", StringComparison.Ordinal) ? "operator" : "buyer";

    /// <summary>The address of something that does not exist has no other answer.</summary>
    public override bool IsNeverReached(FuzzRoute route) => route.Text.Contains("{*path", StringComparison.Ordinal);

    // Users whose order can be checked out, and whose order is complete, in the fake services.
    public override int NumberFor(FuzzRoute route, Random random)
    {
        var number = random.Next(Pool);
        return route.Text.EndsWith("/checkout", StringComparison.Ordinal) ? number / 6 * 6 + 1
            : route.Text.EndsWith("/calendar.ics", StringComparison.Ordinal)
                || route.Text.EndsWith("/receipt", StringComparison.Ordinal) ? number / 6 * 6 + 2 : number;
    }

    public override string? Text(string name, int number) => name switch
    {
        "hash" => file.Split('/')[2],
        "name" => file.Split('/')[3],
        "code" => "ticket-sold",
        "service" or "app" => "tickets",
        "currency" => "usd",
        _ => null,
    };

    public override void Complete(RequestDraft draft, int number)
    {
        if (draft.Route.IsGuarded)
            return;
        var token = draft.Headers.First(line => line.StartsWith("Authorization: Bearer ", StringComparison.Ordinal))[22..];
        draft.Headers.RemoveAll(line => line.StartsWith("Authorization:", StringComparison.Ordinal));
        draft.Set("Cookie", $"{BrowserCookies.PlainSession}={token}");
        // Ids of orders and of tickets differ.
        if (draft.Route.Text.StartsWith("/orders/", StringComparison.Ordinal))
            draft.Path[1] = Order(number);
    }

    protected override async Task Open()
    {
        var host = await Add(WebApp.Build, others.ServeFor, $"--contentRoot={Repository.At("services/Web")}");
        foreach (var page in (string[])
        [
            "/", "/sell", "/signin", "/signup", "/tickets/show0", "/tickets/show0/edit", "/orders/show2-1",
            "/orders/show1-1/checkout", "/listings", "/account",
        ])
        {
            // The tickets are the buyer's own: only a visitor sees the form that purchases.
            using var person = host.As(page == "/tickets/show0" ? "visitor" : "buyer");
            var html = await (await person.GetAsync(page)).Content.ReadAsStringAsync();
            fields.UnionWith(FieldName().Matches(html).Select(match => match.Groups[1].Value));
            if (FileLink().Match(html) is { Success: true } link)
                file = link.Value;
        }
        // The preview's button shows the form again and makes no call.
        fields.Remove("preview");
    }

    [GeneratedRegex("<(?:input|select|textarea|button)[^>]*\\bname=\"([^\"]+)\"")]
    private static partial Regex FieldName();

    [GeneratedRegex("/files/[0-9a-f]+/[a-z.]+")]
    private static partial Regex FileLink();
}
