using System.Net;
using System.Text;

namespace Ticketing.Sidecar.Tests.State;

/// <summary>Answers over HTTP, byte for byte as the real daprd gave them.</summary>
public sealed class StateHttpTests : IAsyncLifetime
{
    TestSidecar _dapr = null!;

    public async ValueTask InitializeAsync() =>
        _dapr = await TestSidecar.StartAsync(Yaml.Component("store", "state.in-memory"));

    public ValueTask DisposeAsync() => _dapr.DisposeAsync();

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("""{"key":"a"}""")]
    [InlineData("""[{"key":"a","value":1,"etag":5}]""")]
    [InlineData("""[{"key":"a","value":1,"metadata":{"x":5}}]""")]
    [InlineData("""[{"value":1}]""")]
    [InlineData("""[{"key":"","value":1}]""")]
    [InlineData("""[{"key":"a" "value":1}]""")]
    [InlineData("""[{"key":"a","value":"\ud800"}]""")]
    [InlineData("[1,]")]
    [InlineData("nope")]
    public async Task A_malformed_save_is_refused(string body) => Assert.Equal(
        (400, "ERR_MALFORMED_REQUEST"), ErrorCode.Of(await SendAsync(HttpMethod.Post, "/v1.0/state/store", body)));

    [Theory]
    [InlineData("12345678901234567890", "12345678901234567890")]
    [InlineData("9007199254740993", "9007199254740993")]
    [InlineData("0.1234567", "0.1234567")]
    [InlineData("1e21", "1e21")]
    [InlineData("-0.5", "-0.5")]
    [InlineData("1.0", "1.0")]
    [InlineData("\"<a>&b\"", "\"<a>&b\"")]
    [InlineData("\"\\u00e9\\/\\n\"", "\"é/\\n\"")]
    [InlineData("{\"a\":1,\"a\":2}", "{\"a\":2}")]
    [InlineData("{\"z\":1,\"a\":{\"y\":1,\"b\":2}}", "{\"a\":{\"b\":2,\"y\":1},\"z\":1}")]
    [InlineData("{ \"a\" : [ 1 , 2 ] }", "{\"a\":[1,2]}")]
    [InlineData("null", "null")]
    public async Task A_value_comes_back_without_spaces_and_its_members_in_order(string sent, string stored)
    {
        await SendAsync(HttpMethod.Post, "/v1.0/state/store", $$"""[{"key":"k","value":{{sent}}}]""");

        Assert.Equal((200, stored), await SendAsync(HttpMethod.Get, "/v1.0/state/store/k"));
    }

    [Fact]
    public async Task Names_in_any_case_and_what_follows_the_value_are_taken()
    {
        Assert.Equal(204, (await SendAsync(HttpMethod.Put, "/v1.0/state/store", """[{"KEY":"caps","Value":1,"other":2}] tail""")).Status);
        Assert.Equal((200, "1"), await SendAsync(HttpMethod.Get, "/v1.0/state/store/caps"));
    }

    [Fact]
    public async Task A_stale_etag_is_a_conflict_that_names_both()
    {
        await SendAsync(HttpMethod.Post, "/v1.0/state/store", """[{"key":"k","value":1}]""");
        var etag = await ETagAsync("k");

        var answer = await SendAsync(HttpMethod.Post, "/v1.0/state/store", """[{"key":"k","value":2,"etag":"old"}]""");

        Assert.Equal((409, $$"""{"errorCode":"ERR_STATE_SAVE","message":"failed saving state in state store store: possible etag mismatch. error from state store: state etag not match for key=app||k: current={{etag}}, expect=old"}"""), answer);
    }

    [Fact]
    public async Task Of_several_items_the_good_ones_are_kept_though_the_answer_is_a_conflict()
    {
        var answer = await SendAsync(HttpMethod.Post, "/v1.0/state/store", """[{"key":"a","value":1,"etag":"x"},{"key":"b","value":2}]""");

        Assert.Equal((409, """{"errorCode":"ERR_STATE_SAVE","message":"failed saving state in state store store: possible etag mismatch. error from state store: possible etag mismatch. error from state store: state not exist or expired for key=app||a"}"""), answer);
        Assert.Equal((200, "2"), await SendAsync(HttpMethod.Get, "/v1.0/state/store/b"));
    }

    [Fact]
    public async Task First_write_refuses_what_exists_on_save_and_on_delete()
    {
        const string save = """[{"key":"k","value":1,"options":{"concurrency":"first-write"}}]""";
        Assert.Equal(204, (await SendAsync(HttpMethod.Post, "/v1.0/state/store", save)).Status);

        Assert.Equal((409, """{"errorCode":"ERR_STATE_SAVE","message":"failed saving state in state store store: possible etag mismatch. error from state store: item already exists and no etag was passed"}"""),
            await SendAsync(HttpMethod.Post, "/v1.0/state/store", save));
        Assert.Equal((409, """{"errorCode":"ERR_STATE_DELETE","message":"failed deleting state with key k: possible etag mismatch. error from state store: item already exists and no etag was passed"}"""),
            await SendAsync(HttpMethod.Delete, "/v1.0/state/store/k?concurrency=first-write"));
    }

    [Fact]
    public async Task An_option_that_does_not_exist_fails_the_save()
    {
        var answer = await SendAsync(HttpMethod.Post, "/v1.0/state/store", """[{"key":"k","value":1,"options":{"concurrency":"x"}}]""");

        Assert.Equal((500, """{"errorCode":"ERR_STATE_SAVE","message":"failed saving state in state store store: unrecognized concurrency model 'x'"}"""), answer);
    }

    [Fact]
    public async Task A_transaction_writes_all_or_nothing_and_its_conflict_is_a_500()
    {
        const string body = """{"operations":[{"operation":"upsert","request":{"key":"x","value":1}},{"operation":"delete","request":{"key":"a","etag":"old"}}]}""";

        Assert.Equal((500, """{"errorCode":"ERR_STATE_TRANSACTION","message":"error while executing state transaction: possible etag mismatch. error from state store: state not exist or expired for key=app||a"}"""),
            await SendAsync(HttpMethod.Post, "/v1.0/state/store/transaction", body));
        Assert.Equal(204, (await SendAsync(HttpMethod.Get, "/v1.0/state/store/x")).Status);
    }

    [Theory]
    [InlineData("""{"operations":[{"operation":"read","request":{"key":"a"}}]}""", "ERR_NOT_SUPPORTED_STATE_OPERATION")]
    [InlineData("""{"operations":[{"operation":"upsert","request":{"key":"n","etag":5}}]}""", "ERR_MALFORMED_REQUEST")]
    [InlineData("{", "ERR_MALFORMED_REQUEST")]
    public async Task A_transaction_that_makes_no_sense_is_refused(string body, string code) => Assert.Equal(
        (400, code), ErrorCode.Of(await SendAsync(HttpMethod.Post, "/v1.0/state/store/transaction", body)));

    [Fact]
    public async Task A_bulk_get_answers_in_the_order_asked_and_names_what_is_missing()
    {
        await SendAsync(HttpMethod.Post, "/v1.0/state/store", """[{"key":"a","value":{"t":"<x>"}}]""");
        var etag = await ETagAsync("a");

        Assert.Equal((200, $$"""[{"key":"none"},{"key":"a","data":{"t":"<x>"},"etag":"{{etag}}"}]""" + "\n"),
            await SendAsync(HttpMethod.Post, "/v1.0/state/store/bulk", """{"keys":["none","a"]}"""));
        Assert.Equal((200, "[]\n"), await SendAsync(HttpMethod.Post, "/v1.0/state/store/bulk", """{"keys":[]}"""));
    }

    [Fact]
    public async Task A_store_that_is_not_there_is_a_400_with_details()
    {
        Assert.Equal((400, """{"errorCode":"ERR_STATE_STORE_NOT_FOUND","message":"state store nostore is not found","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","domain":"dapr.io","metadata":{"appID":"app"},"reason":"DAPR_STATE_NOT_FOUND"}]}"""),
            await SendAsync(HttpMethod.Get, "/v1.0/state/nostore/k"));
    }

    [Fact]
    public async Task A_key_with_bars_is_refused_with_its_details()
    {
        const string text = "api error: code = InvalidArgument desc = input key/keyPrefix 'a||b' can't contain '||'";
        Assert.Equal((400, $$"""{"errorCode":"ERR_MALFORMED_REQUEST","message":"{{text}}","details":[{"@type":"type.googleapis.com/google.rpc.BadRequest","field_violations":[{"field":"a||b","description":"{{text}}"}]},{"@type":"type.googleapis.com/google.rpc.ResourceInfo","description":"","owner":"","resource_name":"store","resource_type":"state"},{"@type":"type.googleapis.com/google.rpc.ErrorInfo","domain":"dapr.io","metadata":null,"reason":"DAPR_STATE_ILLEGAL_KEY"}]}"""),
            await SendAsync(HttpMethod.Get, "/v1.0/state/store/a%7C%7Cb"));
    }

    [Theory]
    [InlineData("GET", "/v1.0/state/store/a/b")]
    [InlineData("POST", "/v1.0/state/store/k")]
    [InlineData("GET", "/v1.0/state/store/")]
    [InlineData("GET", "/V1.0/state/store/k")]
    public async Task Whatever_fits_no_route_is_taken_for_an_invocation(string verb, string path)
    {
        Assert.Equal((404, """{"errorCode":"ERR_DIRECT_INVOKE","message":"failed getting app id either from the URL path or the header dapr-app-id"}"""),
            await SendAsync(new HttpMethod(verb), path));
    }

    [Theory]
    [InlineData("/v1.0/state/store/a%20b")]
    [InlineData("/v1.0/state/store/a+b")]
    [InlineData("//v1.0//state/store/a%20b/")]
    public async Task A_path_is_cleaned_and_unescaped(string path)
    {
        await SendAsync(HttpMethod.Post, "/v1.0/state/store", """[{"key":"a b","value":1}]""");

        Assert.Equal((200, "1"), await SendAsync(HttpMethod.Get, path));
    }

    [Fact]
    public async Task A_body_over_the_limit_is_malformed_not_too_large()
    {
        await using var small = await TestSidecar
            .StartAsync(Yaml.Component("store", "state.in-memory"), o => o with { MaxBodyBytes = 100 });
        using var content = new StringContent($$"""[{"key":"k","value":"{{new string('x', 200)}}"}]""");

        using var response = await small.Http
            .PostAsync("/v1.0/state/store", content, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("""{"errorCode":"ERR_MALFORMED_REQUEST","message":"stream too large"}""", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    async Task<(int Status, string Body)> SendAsync(HttpMethod verb, string path, string? body = null)
    {
        var ct = TestContext.Current.CancellationToken;
        var options = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        using var request = new HttpRequestMessage(verb,
            new Uri($"http://127.0.0.1:{_dapr.Sidecar.HttpPort}{path}", options));
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _dapr.Http.SendAsync(request, ct);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(ct));
    }

    async Task<string> ETagAsync(string key)
    {
        using var response = await _dapr.Http
            .GetAsync($"/v1.0/state/store/{key}", TestContext.Current.CancellationToken);
        return response.Headers.NonValidated["ETag"].ToString();
    }
}
