using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Ticketing.Contracts;
using Ticketing.Testing;
using static Ticketing.Tickets.Tests.TicketsHost;

namespace Ticketing.Tickets.Tests;

public class TicketEndpointTests(TicketsHost service) : IClassFixture<TicketsHost>
{
    [Fact]
    public async Task A_listed_ticket_is_there_for_everybody()
    {
        using var seller = service.Host.As("seller");
        using var answer = await seller.PostAsJsonAsync("/api/tickets", new
        {
            title = "  Hamlet ", venue = "Globe", seat = " ", startsAt = "2031-05-01T20:00:00+02:00", price = 4550,
        });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("\"1\"", answer.Headers.ETag!.ToString());
        var listed = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(new Uri($"/api/tickets/{listed.Text("id")}", UriKind.Relative), answer.Headers.Location);

        var shown = await service.Get(answer.Headers.Location!.ToString());
        Assert.Equal(listed.ToString(), shown.ToString());
        Assert.Equal(("Hamlet", "Globe", null, "2031-05-01T18:00:00+00:00"),
            (shown.Text("title"), shown.Text("venue"), shown.Text("seat"), shown.Text("startsAt")));
        Assert.Equal(("4550", "usd", "seller", "open", "1"), (shown.Text("price"), shown.Text("currency"),
            shown.Text("sellerId"), shown.Text("status"), shown.Text("version")));
    }

    [Fact]
    public async Task Nobody_lists_edits_or_withdraws_without_signing_in()
    {
        var ticket = await service.List("seller");
        var path = $"/api/tickets/{ticket.Text("id")}";
        var nobody = service.Host.Anonymous;
        await AssertProblem(await nobody.PostAsJsonAsync("/api/tickets", Hamlet()), 401, "unauthenticated");
        await AssertProblem(await nobody.PutAsJsonAsync(path, Hamlet()), 401, "unauthenticated");
        await AssertProblem(await nobody.DeleteAsync(path), 401, "unauthenticated");
        await AssertProblem(await nobody.GetAsync("/api/tickets/mine"), 401, "unauthenticated");
    }

    [Fact]
    public async Task A_seller_has_a_most_of_tickets_on_sale_and_those_that_are_being_bought_count()
    {
        var own = new TicketsHost { OpenMax = 2 };
        await own.InitializeAsync();
        await using var _ = own;
        using var seller = own.Host.As("seller");
        using var first = await List("first");
        var id = (await first.Content.ReadFromJsonAsync<JsonElement>()).Text("id")!;
        Assert.Equal("applied", await own.ApplyOrder(id, 1, OrderStatus.Created));
        Assert.Equal(HttpStatusCode.Created, (await List("second")).StatusCode);
        using var refused = await List("third");
        Assert.Equal(2, (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("max").GetInt32());
        await AssertProblem(refused, 409, "too-many-listings");
        await AssertProblem(await List(null), 409, "too-many-listings");

        using var again = await List("first");
        Assert.Equal((HttpStatusCode.Created, id),
            (again.StatusCode, (await again.Content.ReadFromJsonAsync<JsonElement>()).Text("id")));
        using var other = own.Host.As("other");
        Assert.Equal(HttpStatusCode.Created, (await other.PostAsJsonAsync("/api/tickets", Hamlet())).StatusCode);
        var second = (await (await List("second")).Content.ReadFromJsonAsync<JsonElement>()).Text("id");
        Assert.Equal(HttpStatusCode.NoContent, (await seller.DeleteAsync($"/api/tickets/{second}")).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await List("third")).StatusCode);

        async Task<HttpResponseMessage> List(string? key)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/tickets")
            {
                Content = JsonContent.Create(Hamlet()),
            };
            if (key is not null)
                request.Headers.Add("Idempotency-Key", key);
            return await seller.SendAsync(request);
        }
    }

    [Fact]
    public async Task Only_its_seller_changes_a_ticket()
    {
        var path = $"/api/tickets/{(await service.List("seller")).Text("id")}";
        using var stranger = service.Host.As("stranger");
        await AssertProblem(await stranger.PutAsJsonAsync(path, Hamlet(price: 1)), 403, "not-the-seller");
        await AssertProblem(await stranger.DeleteAsync(path), 403, "not-the-seller");
        Assert.Equal("1", (await service.Get(path)).Text("version"));
    }

    [Fact]
    public async Task An_edit_of_what_has_changed_since_is_refused()
    {
        var path = $"/api/tickets/{(await service.List("seller")).Text("id")}";
        using var first = await Put(path, Hamlet(price: 5000), "\"1\"");
        Assert.Equal((HttpStatusCode.OK, "\"2\""), (first.StatusCode, first.Headers.ETag!.ToString()));
        Assert.Equal("5000", (await first.Content.ReadFromJsonAsync<JsonElement>()).Text("price"));

        await AssertProblem(await Put(path, Hamlet(price: 6000), "\"1\""), 412, "stale-version");
        await AssertProblem(await Put(path, Hamlet(price: 6000), "W/\"2\""), 412, "stale-version");
        Assert.Equal(HttpStatusCode.OK, (await Put(path, Hamlet(price: 5000), "\"1\"")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Put(path, Hamlet(price: 6000), "\"1\", \"2\"")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Put(path, Hamlet(price: 7000), "*")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Put(path, Hamlet(price: 8000), null)).StatusCode);
    }

    [Fact]
    public async Task An_edit_that_names_no_currency_keeps_it()
    {
        var ticket = await service.List("seller", new { title = "Hamlet", price = 100, currency = "eur" });
        using var edited = await Put($"/api/tickets/{ticket.Text("id")}", Hamlet(price: 200), null);
        Assert.Equal("eur", (await edited.Content.ReadFromJsonAsync<JsonElement>()).Text("currency"));
    }

    [Fact]
    public async Task A_locked_ticket_is_neither_edited_nor_withdrawn_and_says_until_when()
    {
        var id = (await service.List("seller")).Text("id")!;
        Assert.Equal("applied", await service.ApplyOrder(id, 1, OrderStatus.Created));
        Assert.Equal("stale", await service.ApplyOrder(id, 1, OrderStatus.Created));

        using var edit = await Put($"/api/tickets/{id}", Hamlet(price: 1), null);
        await AssertProblem(edit, 409, "ticket-locked");
        var problem = await edit.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(Some.Until, problem.GetProperty("lockedUntil").GetDateTimeOffset());
        using var seller = service.Host.As("seller");
        await AssertProblem(await seller.DeleteAsync($"/api/tickets/{id}"), 409, "ticket-locked");

        await service.ApplyOrder(id, 1, OrderStatus.Complete);
        await AssertProblem(await Put($"/api/tickets/{id}", Hamlet(price: 1), null), 409, "ticket-sold");
        await AssertProblem(await seller.DeleteAsync($"/api/tickets/{id}"), 409, "ticket-sold");
    }

    [Fact]
    public async Task Withdrawing_twice_is_withdrawing_once()
    {
        var path = $"/api/tickets/{(await service.List("seller")).Text("id")}";
        using var seller = service.Host.As("seller");
        Assert.Equal(HttpStatusCode.NoContent, (await seller.DeleteAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await seller.DeleteAsync(path)).StatusCode);
        var ticket = await service.Get(path);
        Assert.Equal(("withdrawn", "2"), (ticket.Text("status"), ticket.Text("version")));
        await AssertProblem(await Put(path, Hamlet(price: 1), null), 409, "ticket-withdrawn");
    }

    [Fact]
    public async Task Who_buys_a_ticket_is_told_to_its_seller_and_its_buyer_only()
    {
        var id = (await service.List("seller")).Text("id")!;
        var path = $"/api/tickets/{id}";
        await service.ApplyOrder(id, 1, OrderStatus.Created, "bob");
        (string? Viewer, string? Order)[] views =
            [(null, null), ("carol", null), ("bob", $"{id}-1"), ("seller", $"{id}-1")];
        foreach (var (viewer, order) in views)
        {
            var ticket = await service.Get(path, viewer);
            Assert.Equal(("locked", order), (ticket.Text("status"), ticket.Text("orderId")));
            Assert.Equal(Some.Until, ticket.GetProperty("lockedUntil").GetDateTimeOffset());
        }
        await service.ApplyOrder(id, 1, OrderStatus.Cancelled, "bob");
        Assert.Null((await service.Get(path, "bob")).Text("orderId"));
        await service.ApplyOrder(id, 2, OrderStatus.Complete, "carol");
        Assert.Null((await service.Get(path, "bob")).Text("orderId"));
        Assert.Equal($"{id}-2", (await service.Get(path, "carol")).Text("orderId"));
        Assert.Null((await service.Get(path)).Text("lockedUntil"));
    }

    [Fact]
    public async Task A_request_repeated_with_its_key_lists_one_ticket()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Post("alice", "key-1", Hamlet())));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.StatusCode));
        var location = Assert.Single(answers.Select(answer => answer.Headers.Location).Distinct());
        Assert.Equal("1", (await service.Get(location!.ToString())).Text("version"));
        Assert.Single((await service.Get("/api/tickets/mine", "alice")).Ids());

        await AssertProblem(await Post("alice", "key-1", Hamlet(price: 100)), 422, "idempotency-key-reused");
        Assert.NotEqual(location, (await Post("alice", "key-2", Hamlet())).Headers.Location);
        Assert.NotEqual(location, (await Post("bob", "key-1", Hamlet())).Headers.Location);
        var inOtherWords = new { price = 4550, title = " Hamlet", currency = "usd" };
        Assert.Equal(location, (await Post("alice", "key-1", inOtherWords)).Headers.Location);
    }

    [Fact]
    public async Task A_repeat_after_an_edit_answers_with_the_ticket_as_it_is()
    {
        var location = (await Post("dave", "key", Hamlet())).Headers.Location!.ToString();
        using var dave = service.Host.As("dave");
        await dave.PutAsJsonAsync(location, Hamlet(price: 900));
        using var again = await Post("dave", "key", Hamlet());
        var ticket = await again.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("900", "2"), (ticket.Text("price"), ticket.Text("version")));
    }

    [Fact]
    public async Task Only_orders_is_told_a_whole_snapshot()
    {
        var id = (await service.List("seller")).Text("id")!;
        await service.ApplyOrder(id, 1, OrderStatus.Created);
        using var told = await Internal(id, "orders");
        var snapshot = await told.Content.ReadFromJsonAsync(ContractsJson.Default.TicketSnapshot);
        Assert.Equal((id, 2, "buyer"), (snapshot!.Id.Value, snapshot.Version, snapshot.Lock!.Buyer.Value));

        await AssertProblem(await Internal("nosuch", "orders"), 404, "ticket-not-found");
        await AssertProblem(await Internal(id, "web"), 404, "ticket-not-found");
        await AssertProblem(await service.Host.Anonymous.GetAsync($"/internal/tickets/{id}"), 401, "app-token");
    }

    [Fact]
    public async Task The_api_describes_itself()
    {
        var description = await service.Get("/openapi/v1.json");
        string[] paths = ["/api/tickets", "/api/tickets/live", "/api/tickets/mine", "/api/tickets/{id}"];
        var described = description.GetProperty("paths").EnumerateObject().Select(path => path.Name);
        Assert.Equivalent(paths, described, strict: true);
    }

    [Fact]
    public async Task A_message_said_again_is_answered_though_it_changed_nothing()
    {
        var id = (await service.List("seller")).Text("id")!;
        await service.ApplyOrder(id, 1, OrderStatus.Created);
        var order = Some.Order(1, OrderStatus.Created) with { Id = new(new(id), 1), TicketId = new(id), Again = true };
        var before = service.Host.Sidecar.Published.Count(message => message.Subject == id);
        using var answer = await service.Host.Deliver(Event.Of(OrderEvents.Created, order));
        Assert.Contains("answered", await answer.Content.ReadAsStringAsync());
        // The answer is published beside the acknowledgement.
        await Eventually.Is(() =>
            service.Host.Sidecar.Published.Count(message => message.Subject == id) == before + 1);
    }

    async Task<HttpResponseMessage> Put(string path, object ticket, string? ifMatch)
    {
        using var seller = service.Host.As("seller");
        using var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = JsonContent.Create(ticket) };
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return await seller.SendAsync(request);
    }

    async Task<HttpResponseMessage> Post(string user, string key, object ticket)
    {
        using var seller = service.Host.As(user);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/tickets");
        request.Content = JsonContent.Create(ticket);
        request.Headers.Add("Idempotency-Key", key);
        return await seller.SendAsync(request);
    }

    async Task<HttpResponseMessage> Internal(string id, string caller)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/internal/tickets/{id}");
        request.Headers.Add("dapr-api-token", Testing.ServiceHost.AppToken);
        request.Headers.Add("dapr-caller-app-id", caller);
        return await service.Host.Anonymous.SendAsync(request);
    }
}
