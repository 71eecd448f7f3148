using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Ticketing.StripeServer.Tests;

public sealed class HostileTests : IAsyncLifetime
{
    LocalStripe stripe = null!;

    public async ValueTask InitializeAsync() => stripe = await LocalStripe.Start();
    public ValueTask DisposeAsync() => stripe.DisposeAsync();

    [Theory]
    [InlineData("", "parameter_missing")]
    [InlineData("amount=100", "parameter_missing")]
    [InlineData("amount=1.5&currency=usd", "parameter_invalid_integer")]
    [InlineData("amount=-1&currency=usd", "parameter_invalid_integer")]
    [InlineData("amount=9223372036854775808&currency=usd", "parameter_invalid_integer")]
    [InlineData("amount=100000000&currency=usd", "amount_too_large")]
    [InlineData("amount=49&currency=usd", "amount_too_small")]
    [InlineData("amount=29&currency=gbp", "amount_too_small")]
    [InlineData("amount=17400&currency=huf", "amount_too_small")]
    [InlineData("amount=100000000&currency=jpy", "amount_too_large")]
    [InlineData("amount=1000000000000&currency=idr", "amount_too_large")]
    [InlineData("amount=5124&currency=kwd", "parameter_invalid_integer")]
    [InlineData("amount=5050&currency=isk", "parameter_invalid_integer")]
    [InlineData("amount=5000&currency=irr", null)]
    [InlineData("amount=5000&currency=kpw", null)]
    [InlineData("amount=5000&currency=ghs", null)]
    [InlineData("amount=100&currency=dollars", null)]
    [InlineData("amount=100&currency=usd&capture_method=never", null)]
    [InlineData("amount=100&currency=usd&confirm=maybe", null)]
    [InlineData("amount=100&currency=usd&confirm=true", "parameter_missing")]
    [InlineData("amount=100&currency=usd&payment_method=pm_card_unknown", "resource_missing")]
    [InlineData("amount=100&currency=usd&expand[0]=secrets", null)]
    [InlineData("amount=100&currency=usd&payment_method_data[card][number]=4242424242424242", null)]
    public async Task A_parameter_that_is_wrong_is_named_and_changes_nothing(string body, string? code)
    {
        var (status, error) = await Post("/v1/payment_intents", body, "sk_test_x");
        Assert.InRange((int)status, 400, 402);
        Assert.Equal((code, "invalid_request_error"),
            (error.GetProperty("code").GetString(), error.GetProperty("type").GetString()));
        Assert.Empty((await stripe.Client.V1.PaymentIntents.ListAsync()).Data);
    }

    [Theory]
    [InlineData(50, 40, 500, true)]
    [InlineData(51, 2, 1, false)]
    [InlineData(1, 41, 1, false)]
    [InlineData(1, 40, 501, false)]
    public async Task Metadata_has_bounds(int keys, int keyLength, int valueLength, bool isTaken)
    {
        var fields = Enumerable.Range(0, keys).Select(n =>
            $"metadata[{n.ToString(CultureInfo.InvariantCulture).PadLeft(keyLength, 'k')}]={new string('v', valueLength)}");
        var (status, error) = await Post(
            "/v1/payment_intents", "amount=100&currency=usd&" + string.Join('&', fields), "sk_test_x");
        Assert.Equal(isTaken ? HttpStatusCode.OK : HttpStatusCode.BadRequest, status);
        if (!isTaken)
            Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("sk_live_x")]
    [InlineData("nonsense")]
    public async Task Only_test_keys_are_let_in(string? key) =>
        Assert.Equal(HttpStatusCode.Unauthorized,
            (await Post("/v1/payment_intents", "amount=1&currency=usd", key)).Status);

    [Fact]
    public async Task The_browsers_key_reaches_only_what_its_client_secret_opens()
    {
        var opened = await stripe.Open();
        var card = Card("4242 4242 4242 4242");
        var confirm = $"/v1/payment_intents/{opened.Id}/confirm";
        Assert.Equal(HttpStatusCode.NotFound, (await Post(confirm, card, "pk_test_x")).Status);
        Assert.Equal(HttpStatusCode.NotFound,
            (await Post(confirm, card + "&client_secret=pi_other_secret", "pk_test_x")).Status);
        Assert.Equal(HttpStatusCode.NotFound,
            (await Post($"/v1/payment_intents/{opened.Id}/cancel", "", "pk_test_x")).Status);
        Assert.Equal(HttpStatusCode.Forbidden,
            (await Post("/v1/payment_intents", "amount=1&currency=usd", "pk_test_x")).Status);

        Assert.Equal(HttpStatusCode.OK,
            (await Post(confirm, $"{card}&client_secret={opened.ClientSecret}", "pk_test_x")).Status);
        Assert.Equal("requires_capture", (await stripe.Client.V1.PaymentIntents.GetAsync(opened.Id)).Status);
    }

    [Theory]
    [InlineData("4242424242424241", "12", "34", "123", "incorrect_number")]
    [InlineData("4111111111111111", "12", "34", "123", "card_declined")]
    [InlineData("4242424242424242", "13", "34", "123", "invalid_expiry_month")]
    [InlineData("4242424242424242", "1", "20", "123", "invalid_expiry_year")]
    [InlineData("4242424242424242", "12", "34", "12", "invalid_cvc")]
    public async Task A_card_that_cannot_be_one_is_refused(
        string number, string month, string year, string cvc, string code)
    {
        var opened = await stripe.Open();
        var (_, error) = await Post($"/v1/payment_intents/{opened.Id}/confirm",
            $"client_secret={opened.ClientSecret}&{Card(number, month, year, cvc)}", "pk_test_x");
        Assert.Equal(code, error.GetProperty("code").GetString());
    }

    [Fact]
    public async Task No_card_number_is_kept()
    {
        var opened = await stripe.Open();
        await Post($"/v1/payment_intents/{opened.Id}/confirm",
            $"client_secret={opened.ClientSecret}&{Card("4000000000003220")}", "pk_test_x");
        foreach (var file in Directory.EnumerateFiles(stripe.Data))
        {
            using var copy = new MemoryStream();
            await using var open = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            await open.CopyToAsync(copy);
            Assert.Equal(-1, copy.ToArray().AsSpan().IndexOf("4000000000003220"u8));
        }
    }

    [Fact]
    public async Task Bodies_are_bounded_and_must_be_forms()
    {
        Assert.Equal(HttpStatusCode.BadRequest,
            (await Post("/v1/payment_intents", new string('a', 70_000) + "=1", "sk_test_x")).Status);
        using var json = new HttpRequestMessage(HttpMethod.Post, "/v1/payment_intents")
        {
            Headers = { { "Authorization", "Bearer sk_test_x" } },
            Content = JsonContent.Create(new { amount = 1 }),
        };
        Assert.Equal(HttpStatusCode.BadRequest, (await stripe.Http.SendAsync(json)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Post("/v1/nothing", "", "sk_test_x")).Status);
    }

    [Theory]
    [InlineData("/v3/stripe.js", "text/javascript")]
    [InlineData("/v3/payment", "text/html")]
    [InlineData("/v3/payment.js", "text/javascript")]
    [InlineData("/v3/challenge", "text/html")]
    [InlineData("/v3/challenge.js", "text/javascript")]
    [InlineData("/v3/frames.css", "text/css")]
    public async Task The_pages_for_the_browser_are_served(string path, string type)
    {
        var page = await stripe.Http.GetAsync(path);
        Assert.Equal((HttpStatusCode.OK, type), (page.StatusCode, page.Content.Headers.ContentType!.MediaType));
        Assert.NotEmpty(await page.Content.ReadAsStringAsync());
    }

    static string Card(string number, string month = "12", string year = "34", string cvc = "123") => string.Join('&',
        new[] { ("number", number), ("exp_month", month), ("exp_year", year), ("cvc", cvc) }
            .Select(field => $"payment_method_data[card][{field.Item1}]={field.Item2}"));

    async Task<(HttpStatusCode Status, JsonElement Error)> Post(string path, string body, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body, null, "application/x-www-form-urlencoded"),
        };
        if (key is not null) request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        var response = await stripe.Http.SendAsync(request);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        return (response.StatusCode, answer.TryGetProperty("error", out var error) ? WithCode(error) : answer);
    }

    // A client treats absent and null members of an error alike.
    static JsonElement WithCode(JsonElement error) => error.TryGetProperty("code", out _)
        ? error
        : JsonSerializer.SerializeToElement(new { code = (string?)null, type = error.GetProperty("type").GetString() });
}
