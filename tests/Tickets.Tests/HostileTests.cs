using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Ticketing.Contracts;
using Ticketing.Testing;
using static Ticketing.Tickets.Tests.TicketsHost;

namespace Ticketing.Tickets.Tests;

public class HostileTests(TicketsHost service) : IClassFixture<TicketsHost>
{
    const string Body = """
        {"title":"Hamlet","price":4550,"currency":"eur","venue":"Globe","startsAt":"2031-05-01T20:00:00Z","seat":"A 1"}
        """;

    [Theory]
    [InlineData("GET", "/api/tickets", false)]
    [InlineData("GET", "/api/tickets/{id}", false)]
    [InlineData("GET", "/api/tickets/mine", true)]
    [InlineData("POST", "/api/tickets", true)]
    [InlineData("PUT", "/api/tickets/{id}", true)]
    [InlineData("DELETE", "/api/tickets/{id}", true)]
    public async Task No_hostile_input_gets_through(string method, string path, bool needsUser)
    {
        var id = path.Contains("{id}") ? (await service.List("mallory")).Text("id") : null;
        var route = new HostileRoute(method, path.Replace("{id}", id), method is "POST" or "PUT" ? Body.Trim() : null)
        {
            Id = id,
            NeedsUser = needsUser,
        };
        Assert.Equal("", string.Join('\n', await HostileInputs.Attack(service.Host, route)));
    }

    [Theory]
    [InlineData("title", "null")]
    [InlineData("title", "\"\"")]
    [InlineData("title", "\"  \\t \"")]
    [InlineData("title", "\"\\u200b\\u200b\"")]
    [InlineData("title", "\"\\u2800\"")]
    [InlineData("title", "\"\\u3164\"")]
    [InlineData("title", "\"\\u0301\"")]
    [InlineData("title", "\"\\ue000\"")]
    [InlineData("title", "\"\\uffff\"")]
    [InlineData("title", "\"a\\nb\"")]
    [InlineData("title", "\"\\u202Egpj.exe\"")]
    [InlineData("title", "LONG")]
    [InlineData("venue", "LONG")]
    [InlineData("seat", "LONG")]
    [InlineData("seat", "\"a\\tb\"")]
    [InlineData("price", "null")]
    [InlineData("price", "0")]
    [InlineData("price", "-1")]
    [InlineData("price", "1000000001")]
    [InlineData("price", "1e3")]
    [InlineData("price", "1.0")]
    [InlineData("price", "\"100\"")]
    [InlineData("price", "1000000000000")]
    [InlineData("currency", "\"USD\"")]
    [InlineData("currency", "\"xxx\"")]
    [InlineData("currency", "\"\"")]
    [InlineData("startsAt", "\"2031-05-01\"")]
    [InlineData("startsAt", "\"2031-05-01T20:00:00\"")]
    [InlineData("startsAt", "\"0000-01-01T00:00:00Z\"")]
    [InlineData("startsAt", "\"9999-12-31T23:59:59Z\"")]
    [InlineData("startsAt", "\"2031-05-01T24:00:00Z\"")]
    [InlineData("startsAt", "\"2031-05-01T20:00:00+24:00\"")]
    [InlineData("startsAt", "\"0001-01-01T00:00:00+10:00\"")]
    [InlineData("startsAt", "\"soon\"")]
    [InlineData("timeZone", "\"Mars/Olympus\"")]
    [InlineData("timeZone", "\"\"")]
    [InlineData("timeZone", "\"../../etc/passwd\"")]
    [InlineData("timeZone", "\"Europe/London\\u0000\"")]
    [InlineData("timeZone", "\"leapseconds\"")]
    [InlineData("timeZone", "\"posixrules\"")]
    [InlineData("timeZone", "\"right/UTC\"")]
    [InlineData("timeZone", "\"Pacific Standard Time\"")]
    [InlineData("timeZone", "\"+02:00\"")]
    public async Task A_mistake_is_named_by_its_member(string member, string value)
    {
        value = value == "LONG" ? $"\"{new string('a', 201)}\"" : value;
        using var seller = service.Host.As("seller");
        using var answer = await seller.PostAsync("/api/tickets", Json(With(member, value)));
        await AssertProblem(answer, 400, "invalid");
        var errors = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors");
        Assert.Equal([member], errors.EnumerateObject().Select(error => error.Name));
    }

    [Theory]
    [InlineData("title", "\"a\"")]
    [InlineData("title", "\"=HYPERLINK(1)\"")]
    [InlineData("title", "\"👩‍👩‍👧 ירושלים\"")]
    [InlineData("title", "\"<script>alert(1)</script>\"")]
    [InlineData("price", "50")]
    [InlineData("price", "99999999")]
    [InlineData("currency", "\"jpy\"")]
    [InlineData("currency", "null")]
    [InlineData("startsAt", "\"2031-05-01T20:00:00.123+02:00\"")]
    [InlineData("startsAt", "\"2031-05-01T20:00:00.123456789Z\"")]
    [InlineData("startsAt", "\"2031-05-01t20:00:00z\"")]
    [InlineData("startsAt", "null")]
    [InlineData("timeZone", "null")]
    [InlineData("timeZone", "\"UTC\"")]
    [InlineData("timeZone", "\"Etc/GMT+5\"")]
    [InlineData("timeZone", "\"America/Argentina/Ushuaia\"")]
    [InlineData("venue", "\" \"")]
    [InlineData("venue", "\"\\u200b\"")]
    [InlineData("seat", "\"\\u2800\"")]
    public async Task What_is_unusual_but_right_is_listed_as_it_was_written(string member, string value)
    {
        using var seller = service.Host.As("seller");
        using var answer = await seller.PostAsync("/api/tickets", Json(With(member, value)));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var written = JsonElement.Parse(value);
        if (member is "title" or "venue" or "seat")
            Assert.Equal(written.GetString() is " " or "\u200b" or "\u2800" ? null : written.GetString(),
                (await answer.Content.ReadFromJsonAsync<JsonElement>()).Text(member));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("tab\there")]
    [InlineData("LONG")]
    public async Task An_idempotency_key_is_short_and_plain(string key)
    {
        using var seller = service.Host.As("seller");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/tickets") { Content = Json(Body) };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key == "LONG" ? new('k', 256) : key);
        using var answer = await seller.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("\"unclosed")]
    [InlineData("1")]
    public async Task An_If_Match_that_is_none_is_refused(string ifMatch)
    {
        var id = (await service.List("seller")).Text("id");
        using var seller = service.Host.As("seller");
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/tickets/{id}") { Content = Json(Body) };
        request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        await AssertProblem(await seller.SendAsync(request), 400, "invalid");
    }

    [Theory]
    [InlineData("\"0\"")]
    [InlineData("\"-1\"")]
    [InlineData("\"99999999999999999999999\"")]
    [InlineData("\"\"")]
    [InlineData("\"1x\"")]
    public async Task A_tag_that_was_never_given_matches_nothing(string ifMatch)
    {
        var id = (await service.List("seller")).Text("id");
        using var seller = service.Host.As("seller");
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/tickets/{id}") { Content = Json(Body) };
        request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        await AssertProblem(await seller.SendAsync(request), 412, "stale-version");
    }

    [Fact]
    public async Task A_seller_who_lists_without_end_is_slowed_down()
    {
        await using var host = await ServiceHost.Start(TicketsApp.Build);
        using var seller = host.As("seller");
        var answers = new List<HttpResponseMessage>();
        for (var i = 0; i < 70; i++)
            answers.Add(await seller.PostAsync("/api/tickets", Json(Body)));
        var slowed = answers.Where(answer => answer.StatusCode == HttpStatusCode.TooManyRequests).ToList();

        Assert.InRange(slowed.Count, 1, 10);
        await AssertProblem(slowed[0], 429, "too-many-requests");
        Assert.NotNull(slowed[0].Headers.RetryAfter);
        using var other = host.As("other");
        Assert.Equal(HttpStatusCode.Created, (await other.PostAsync("/api/tickets", Json(Body))).StatusCode);
    }

    [Theory]
    [InlineData("""{"id":"x","type":"order.created","data":[]}""")]
    [InlineData("""{"id":"x","type":"order.created","data":{"id":"../1"}}""")]
    [InlineData("""{"id":"x","type":"order.created"}""")]
    [InlineData("""{"id":"x","type":"order.created","data":null}""")]
    [InlineData("nonsense")]
    public async Task A_message_that_cannot_be_read_goes_to_the_dead_letters(string message)
    {
        foreach (var route in new[] { "/events/orders", "/events/broadcast/tickets" })
        {
            using var body = new StringContent(message, null, "application/cloudevents+json");
            using var answer = await service.Host.Deliver(route, body);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("DROP", (await answer.Content.ReadFromJsonAsync<JsonElement>()).Text("status"));
        }
    }

    [Fact]
    public async Task An_order_for_a_ticket_that_is_not_there_changes_nothing() =>
        Assert.Equal("stale", await service.ApplyOrder("nosuchticket", 1, OrderStatus.Complete));

    [Fact]
    public async Task Nobody_but_the_sidecar_delivers_messages()
    {
        foreach (var route in new[] { "/events/orders", "/events/broadcast/tickets" })
        {
            using var answer = await service.Host.Anonymous.PostAsync(route, Json("{}"));
            await AssertProblem(answer, 401, "app-token");
        }
    }

    static string With(string member, string value) =>
        Encoding.UTF8.GetString(new HostileRoute("POST", "/", Body.Trim()).BodyWith(member, value));

    static StringContent Json(string body) => new(body, null, "application/json");
}
