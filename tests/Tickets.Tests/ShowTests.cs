using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Ticketing.Common;
using Ticketing.Contracts;
using Ticketing.Testing;
using static Ticketing.Tickets.Tests.TicketsHost;

namespace Ticketing.Tickets.Tests;

/// <summary>A ticket is on sale until its show begins.</summary>
public sealed class ShowTests : IAsyncLifetime
{
    static readonly DateTimeOffset begins = Some.Noon.AddHours(1);

    readonly FakeTimeProvider clock = new(Some.Noon);
    ServiceHost host = null!;

    public async ValueTask InitializeAsync()
    {
        host = await ServiceHost.Start(TicketsApp.Build, clock: clock, args: "--Tickets:OpenListingsMax=1");
        await Eventually.Is(async () =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(1));
            return (await host.Anonymous.GetAsync("/api/tickets")).IsSuccessStatusCode;
        });
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();

    static object Begins(DateTimeOffset at) => new { title = "Hamlet", price = 4550, startsAt = at };

    async Task<string> List()
    {
        using var answer = await host.As("seller").PostAsJsonAsync("/api/tickets", Begins(begins));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).Text("id")!;
    }

    Task<JsonElement> Get(string path) => host.As("seller").GetFromJsonAsync<JsonElement>(path);

    static async Task AssertBegun(HttpResponseMessage answer)
    {
        await AssertProblem(answer, 400, "invalid");
        var errors = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors");
        Assert.Equal(["startsAt"], errors.EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task A_show_that_has_begun_is_not_listed()
    {
        foreach (var moment in new[] { Some.Noon.AddDays(-1), Some.Noon, clock.GetUtcNow() })
            await AssertBegun(await host.As("seller").PostAsJsonAsync("/api/tickets", Begins(moment)));
        Assert.Empty((await Get("/api/tickets/mine")).Ids());
    }

    [Theory]
    [InlineData("")]
    [InlineData("?sort=price")]
    [InlineData("?sort=date")]
    [InlineData("?q=ham")]
    [InlineData("?q=ham&sort=date")]
    [InlineData("?notBefore=2030-01-01T00:00:00Z")]
    [InlineData("?sort=date&notBefore=2030-01-01T00:00:00Z")]
    public async Task The_moment_it_begins_a_show_is_in_no_list_and_its_seller_still_sees_it(string query)
    {
        var id = await List();
        clock.SetUtcNow(begins.AddTicks(-1));
        Assert.Equal([id], (await Get("/api/tickets" + query)).Ids());
        clock.SetUtcNow(begins);
        Assert.Empty((await Get("/api/tickets" + query)).Ids());
        Assert.Equal("open", (await Get($"/api/tickets/{id}")).Text("status"));
        Assert.Equal([id], (await Get("/api/tickets/mine")).Ids());
    }

    [Fact]
    public async Task Once_it_has_begun_a_seller_may_only_move_it_to_later()
    {
        var path = $"/api/tickets/{await List()}";
        await AssertBegun(await host.As("seller").PutAsJsonAsync(path, Begins(Some.Noon)));
        clock.SetUtcNow(begins);
        foreach (var moment in new[] { begins, begins.AddHours(-1) })
            await AssertBegun(await host.As("seller").PutAsJsonAsync(path, Begins(moment)));
        await AssertProblem(await host.As("stranger").PutAsJsonAsync(path, Begins(begins)), 403, "not-the-seller");
        using var moved = await host.As("seller").PutAsJsonAsync(path, Begins(begins.AddHours(1)));
        Assert.Equal("2", (await moved.Content.ReadFromJsonAsync<JsonElement>()).Text("termsVersion"));
        Assert.Single((await Get("/api/tickets")).Ids());
    }

    [Fact]
    public async Task An_order_that_comes_after_the_beginning_gets_no_lock()
    {
        var id = new TicketId(await List());
        clock.SetUtcNow(begins);
        var order = Some.Order(1, OrderStatus.Created) with { Id = new(id, 1), TicketId = id };
        (await host.Deliver(Event.Of(OrderEvents.Created, order))).EnsureSuccessStatusCode();
        await Eventually.Is(() => host.Sidecar.Published.Any(message => message.Type == TicketEvents.LockRefused));
        var refused = host.Sidecar.Published[^1].Data.Deserialize(ContractsJson.Default.TicketSnapshot)!.Lock!;
        Assert.Equal((LockState.Refused, CancelReason.ShowBegun), (refused.State, refused.Reason));
        Assert.Equal("open", (await Get($"/api/tickets/{id}")).Text("status"));
    }

    [Theory]
    [InlineData(-1, LockState.Granted, null)]
    [InlineData(0, LockState.Refused, CancelReason.ShowBegun)]
    public void The_lock_is_granted_until_the_show_begins(int ticks, LockState state, CancelReason? why)
    {
        var moment = Some.Terms.StartsAt!.Value.AddTicks(ticks);
        var hold = Some.Open.Apply(Some.Order(1, OrderStatus.Created), moment).State!.Lock!;
        Assert.Equal((state, why), (hold.State, hold.Reason));
    }

    [Fact]
    public async Task It_no_longer_counts_among_what_a_seller_has_on_sale()
    {
        var first = await List();
        await AssertProblem(
            await host.As("seller").PostAsJsonAsync("/api/tickets", Hamlet()), 409, "too-many-listings");
        Assert.Equal(1, (await Personal()).Live);
        clock.SetUtcNow(begins);
        Assert.Equal((1, 0), ((await Personal()).Items.Count, (await Personal()).Live));
        host.Services.GetRequiredService<Catalog>().Forget(clock.GetUtcNow());
        using var second = await host.As("seller").PostAsJsonAsync("/api/tickets", Hamlet());
        Assert.Equal(HttpStatusCode.Created, second.StatusCode);

        // Of those that have begun only the store knows more after a day.
        var catalog = host.Services.GetRequiredService<Catalog>();
        catalog.Forget(begins + Catalog.ForgetAfter);
        Assert.Equal(1, catalog.Count);
        Assert.Contains(first, (await Get("/api/tickets/mine")).Ids());
    }

    async Task<PersonalData> Personal()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/internal/users/seller/listings");
        request.Headers.Add("dapr-api-token", ServiceHost.AppToken);
        request.Headers.Add("dapr-caller-app-id", "auth");
        using var answer = await host.Anonymous.SendAsync(request);
        return (await answer.Content.ReadFromJsonAsync(PersonalDataJson.Default.PersonalData))!;
    }
}
