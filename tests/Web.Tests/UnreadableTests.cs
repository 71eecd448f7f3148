using System.Net;
using System.Text;
using Ticketing.Testing;

namespace Ticketing.Web.Tests;

/// <summary>An unreadable request is answered by a page with a 4xx, never a 5xx.</summary>
public sealed class UnreadableTests : IClassFixture<Site>
{
    const string Ticket = """
        {"id":"t1","title":"Hamlet","price":4550,"currency":"usd","sellerId":"buyer","status":"open","version":3}
        """;

    readonly Site site;

    public UnreadableTests(Site site)
    {
        this.site = site;
        site.Apps.Reset();
        site.Apps.Reply("auth", "/api/users/signin", """{"id":"buyer","email":"a@example.com"}""");
        site.Apps.Reply("tickets", "/api/tickets/t1", Ticket);
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData(null, "email=a&password=b")]
    [InlineData("text/plain", "email=a&password=b")]
    [InlineData("application/json", "{}")]
    [InlineData("nonsense", "a=b")]
    [InlineData("multipart/form-data", "a=b")]
    [InlineData("multipart/form-data; boundary=", "a=b")]
    [InlineData("multipart/form-data; boundary=x", "a=b")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nno end")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\n{20 KB}: b\r\n\r\nb\r\n--x--\r\n")]
    [InlineData("multipart/form-data; boundary={20 KB}", "--x--\r\n")]
    [InlineData("application/x-www-form-urlencoded; charset=utf-7", "email=a&password=b")]
    [InlineData("application/x-www-form-urlencoded", "{20 KB}=b")]
    [InlineData("application/x-www-form-urlencoded", "email=%00")]
    [InlineData("application/x-www-form-urlencoded", "{1100 fields}")]
    public async Task A_form_that_cannot_be_read_is_refused_with_a_page(string? type, string body)
    {
        string Filled(string text) => text.Replace("{20 KB}", new('k', 20_000), StringComparison.Ordinal)
            .Replace("{1100 fields}", string.Join('&', Enumerable.Range(0, 1_100).Select(i => $"f{i}=1")), StringComparison.Ordinal);
        foreach (var path in (string[])["/signin", "/signup", "/sell", "/tickets/t1/edit", "/tickets/t1/purchase",
            "/orders/t1-1/refund-request", "/account/password", "/account/erase"])
        {
            var request = new RawRequest("POST", path) { Body = Encoding.UTF8.GetBytes(Filled(body)) }.With("Accept: text/html");
            var answer = await (type is null ? request : request.With($"Content-Type: {Filled(type)}")).Send(site.Address);
            Assert.True(answer.Status is >= 400 and < 500, $"{path}: {answer}");
            Assert.Contains("Content-Type: text/html", answer.Head, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("email=%&password=%ZZ&to=%E9")]
    [InlineData("email=%C3%28&password=%ED%A0%80")]
    [InlineData("&&&==&=a&email")]
    public async Task Odd_percent_signs_are_letters_like_others(string body)
    {
        var answer = await new RawRequest("POST", "/signin") { Body = Encoding.UTF8.GetBytes(body) }
            .With("Content-Type: application/x-www-form-urlencoded").Send(site.Address);
        Assert.True(answer.Status is 303, $"{answer}");     // auth decides whether they belong to an account
    }

    [Theory]
    [InlineData("/orders", "/orders")]
    [InlineData("/\t/evil.example", "/")]
    [InlineData("//evil.example", "/")]
    [InlineData("/é?q=ö#ü", "/%C3%A9?q=%C3%B6#%C3%BC")]
    public async Task Who_signs_in_goes_on_to_a_path_of_this_site(string to, string location)
    {
        var (answer, _) = await site.Post("/signin", null, ("email", "a@example.com"), ("password", "long enough"), ("to", to));
        Assert.Equal((303, location), ((int)answer.StatusCode, answer.Headers.GetValues("Location").Single()));
    }

    [Theory]
    [InlineData("0001-01-01T00:00", "840")]
    [InlineData("9999-12-31T23:59", "-720")]
    [InlineData("0001-01-01T00:00", "")]
    [InlineData("2031-13-01T00:00", "0")]
    [InlineData("9999-12-31T23:59-14:00", "0")]
    public async Task A_day_that_cannot_be_counted_with_is_told_at_the_date(string startsAt, string offset)
    {
        var (answer, html) = await site.Post("/sell", Site.Buyer, ("title", "Hamlet"), ("price", "45"), ("currency", "usd"),
            ("startsAt", startsAt), ("offset", offset));
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains("<a href=\"#startsAt\">Enter a day and a time", html, StringComparison.Ordinal);
        Assert.Contains("value=\"Hamlet\"", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1\"", 400)]
    [InlineData("-1", 400)]
    [InlineData("0", 400)]
    [InlineData("99999999999999999999", 400)]
    [InlineData("3\r\nX-Injected: 1", 400)]
    [InlineData("3", 303)]
    [InlineData("", 303)]
    public async Task A_version_is_a_number_or_refused(string version, int status)
    {
        var (answer, _) = await site.Post("/tickets/t1/edit", Site.Buyer, ("title", "Hamlet"), ("price", "45"),
            ("currency", "usd"), ("version", version));
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("/tickets/..%2Forders")]
    [InlineData("/tickets/..%2fmine")]
    [InlineData("/tickets/T1")]
    [InlineData("/tickets/mine")]   // the API has another resource at that address
    [InlineData("/tickets/live")]
    [InlineData("/orders/live-1/checkout")]
    [InlineData("/tickets/🎫")]
    [InlineData("/tickets/%ED%A0%80")]
    [InlineData("/tickets/%c3%28/edit")]
    [InlineData("/orders/t1")]
    [InlineData("/orders/t1-01")]
    [InlineData("/orders/t1-1%2Ftimeline")]
    [InlineData("/orders/t1-99999999999/checkout")]
    [InlineData("/orders/../api/calendar.ics")]
    [InlineData("/problems/%ED%A0%80")]
    [InlineData("/docs/..%2Fauth")]
    [InlineData("/console/letters/tickets/../apply")]
    public async Task An_address_without_an_id_is_a_page_that_is_not_there(string path)
    {
        var asWritten = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var (answer, _) = await site.Send(new(HttpMethod.Get,
            new Uri(site.Address.ToString().TrimEnd('/') + Uri.EscapeDataString(path).Replace("%2F", "/", StringComparison.Ordinal)
                .Replace("%25", "%", StringComparison.Ordinal), asWritten)), Site.Buyer);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [InlineData("/?after=a%7Cb&q=%00&max=1e308&from=0001-01-01&sort=%ED%A0%80")]
    [InlineData("/?q=%ED%A0%80%C3%28")]
    [InlineData("/orders?after=../..")]
    [InlineData("/listings?after=%00")]
    public async Task A_query_that_means_nothing_is_as_if_it_were_not_there(string path)
    {
        site.Apps.Reply("tickets", "/api/tickets", """{"items":[]}""");
        site.Apps.Reply("tickets", "/api/tickets/mine", """{"items":[]}""");
        site.Apps.Reply("orders", "/api/orders", request => request.RequestUri!.Query.Length == 0
            ? new(HttpStatusCode.OK) { Content = new StringContent("""{"items":[]}""", null, "application/json") } : null);
        Assert.Equal(HttpStatusCode.OK, (await site.Get(path, Site.Buyer)).Answer.StatusCode);
    }
}
