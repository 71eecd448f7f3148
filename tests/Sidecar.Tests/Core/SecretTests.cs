using Dapr;
using Ticketing.Testing;

namespace Ticketing.Sidecar.Tests.Core;

public sealed class SecretTests
{
    const string Secrets = """{"plain":"p1","nested":{"a":{"b":"deep"},"c":"flat"},"list":["x","y"],"number":5432,"bool":true,"null":null,"empty":""}""";

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static async Task<TestSidecar> StartAsync(string configuration = "", params (string, string)[] metadata)
    {
        var folder = TestFolder.New("secrets");
        await File.WriteAllTextAsync(Path.Combine(folder, "secrets.json"), Secrets, Ct);
        var config = Path.Combine(folder, "config.txt");
        await File.WriteAllTextAsync(config, $"kind: Configuration\nspec: {{ {configuration} }}", Ct);
        return await TestSidecar.StartAsync(
            Yaml.Component("local", "secretstores.local.file", [("secretsFile", "secrets.json"), .. metadata]),
            options => options with { ConfigPaths = [config] }, folder: folder);
    }

    [Theory]
    [InlineData("/v1.0/secrets/local/plain", 200, """{"plain":"p1"}""" + "\n")]
    [InlineData("/v1.0/secrets/local/nested%3Aa:b", 200, """{"nested:a:b":"deep"}""" + "\n")]
    [InlineData("/v1.0/secrets/local/list:1", 200, """{"list:1":"y"}""" + "\n")]
    [InlineData("/v1.0/secrets/local/number", 200, """{"number":"5432"}""" + "\n")]
    [InlineData("/v1.0/secrets/local/null", 200, """{"null":"null"}""" + "\n")]
    [InlineData("/v1.0/secrets/local/missing", 500, """{"errorCode":"ERR_SECRET_GET","message":"failed getting secret with key missing from secret store local: secret missing not found"}""")]
    [InlineData("/v1.0/secrets/nope/plain", 401, """{"errorCode":"ERR_SECRET_STORE_NOT_FOUND","message":"failed finding secret store with key nope"}""")]
    public async Task A_secret_is_read_by_its_flat_name(string path, int status, string body)
    {
        await using var dapr = await StartAsync();

        using var response = await dapr.Http.GetAsync(path, Ct);

        Assert.Equal((status, body), ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Ct)));
    }

    [Theory]
    [InlineData("secrets: { scopes: [{ storeName: local, defaultAccess: deny, allowedSecrets: [plain] }] }", 200, 403)]
    [InlineData("secrets: { scopes: [{ storeName: local, deniedSecrets: [plain] }] }", 403, 200)]
    [InlineData("secrets: { scopes: [{ storeName: local, defaultAccess: deny }] }", 403, 403)]
    [InlineData("secrets: { scopes: [{ storeName: other, defaultAccess: deny }] }", 200, 200)]
    public async Task A_scope_decides_who_reads_what(string configuration, int plain, int empty)
    {
        await using var dapr = await StartAsync(configuration);

        using var first = await dapr.Http.GetAsync("/v1.0/secrets/local/plain", Ct);
        using var second = await dapr.Http.GetAsync("/v1.0/secrets/local/empty", Ct);

        Assert.Equal((plain, empty), ((int)first.StatusCode, (int)second.StatusCode));
    }

    [Fact]
    public async Task The_client_reads_one_secret_and_all_of_them()
    {
        await using var dapr = await StartAsync();
        using var client = dapr.Client();

        Assert.Equal("p1", (await client.GetSecretAsync("local", "plain", cancellationToken: Ct))["plain"]);
        Assert.Equal("flat", (await client.GetBulkSecretAsync("local", cancellationToken: Ct))["nested:c"]["nested:c"]);
        await Assert.ThrowsAsync<DaprException>(() => client.GetSecretAsync("local", "missing", cancellationToken: Ct));
    }
}
