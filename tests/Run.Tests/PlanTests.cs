namespace Ticketing.Run.Tests;

/// <summary>The runner's plan for the repository's own dapr.yaml.</summary>
public sealed class PlanTests
{
    [Fact]
    public void Nothing_asked_for_is_what_the_file_says()
    {
        var plan = Make(new RunOptions());
        Assert.Equal(File.Apps.Select(app => app.Id), plan.Instances.Select(i => i.Name));
        Assert.Equal(File.Apps.SelectMany(app => app.Ports), plan.Instances.SelectMany(i => i.Ports));
        Assert.Equal("http://localhost:8080/", plan.Ingress!.Address.ToString());
        Assert.Equal("http://localhost:5010", Of(plan, "payments").Env["Stripe__ApiBase"]);
        Assert.Equal("900", Of(plan, "orders").Env["Orders__HoldSeconds"]);
    }

    [Fact]
    public void An_app_gets_what_the_cli_would_give_it_and_tokens_of_its_own()
    {
        var plan = Make(new RunOptions());
        var env = Of(plan, "tickets").Env;
        Assert.Equal("tickets", env["APP_ID"]);
        Assert.Equal("5002", env["APP_PORT"]);
        Assert.Equal("http", env["APP_PROTOCOL"]);
        Assert.Equal("3502", env["DAPR_HTTP_PORT"]);
        Assert.Equal("3512", env["DAPR_GRPC_PORT"]);
        var tokens = plan.Instances.Where(i => i.Sidecar is not null)
            .SelectMany(i => new[] { i.Env["APP_API_TOKEN"], i.Env["DAPR_API_TOKEN"] });
        Assert.Equal(12, tokens.Distinct().Count());
        Assert.DoesNotContain("DAPR_HTTP_PORT", Of(plan, "stripe").Env.Keys);
    }

    [Fact]
    public void An_app_that_moves_is_found_by_those_who_speak_to_it()
    {
        var plan = Make(new RunOptions { Port = 0, AnyPorts = true });
        AssertNoPortTwice(plan);
        foreach (var app in new[] { "auth", "tickets", "orders", "payments", "web" })
        {
            Assert.Equal($"http://localhost:{Of(plan, app).Port}", Of(plan, app).Env["ASPNETCORE_URLS"]);
            Assert.Equal($"http://localhost:{Of(plan, app).Port}", plan.Ingress!.Env[$"Ingress__Services__{app}"]);
        }

        Assert.Equal($"http://localhost:{Of(plan, "stripe").Port}", Of(plan, "payments").Env["Stripe__ApiBase"]);
        Assert.Contains($"--urls=http://localhost:{Of(plan, "stripe").Port}", Of(plan, "stripe").Command);
        var webhook = $"--webhook=http://localhost:{plan.Ingress!.Port}/api/payments/webhooks/stripe";
        Assert.Contains(webhook, Of(plan, "stripe").Command);
    }

    [Fact]
    public void A_replica_has_ports_of_its_own_and_the_ingress_knows_both()
    {
        var plan = Make(new RunOptions { Replicas = 2 });
        var second = Of(plan, "orders-2");
        Assert.Equal([5103, 3603, 3613], second.Ports);
        Assert.Equal("http://localhost:5103", second.Env["ASPNETCORE_URLS"]);
        Assert.Equal("orders", second.Env["APP_ID"]);
        Assert.Equal("http://localhost:5003 http://localhost:5103", plan.Ingress!.Env["Ingress__Services__orders"]);
        Assert.DoesNotContain(plan.Instances, i => i.Name is "stripe-2" or "ingress-2");
        AssertNoPortTwice(plan);
    }

    [Fact]
    public void Data_is_kept_where_it_was_asked_for_and_holds_last_as_long()
    {
        var plan = Make(new RunOptions { Data = "/somewhere", Hold = 30 });
        Assert.Contains("--data=/somewhere/stripe", Of(plan, "stripe").Command);
        Assert.Equal("30", Of(plan, "orders").Env["Orders__HoldSeconds"]);
    }

    [Theory]
    [InlineData("Debug")]
    [InlineData("Release")]
    public void The_apps_are_of_the_same_build_as_the_runner(string configuration)
    {
        var plan = Plan.Make(File, new RunOptions(), () => 20001, () => "token", configuration);
        Assert.All(plan.Instances, i =>
            Assert.StartsWith($"bin/{configuration}/net10.0/Ticketing.", i.Command[1], StringComparison.Ordinal));
    }

    [Fact]
    public void The_flow_page_is_behind_the_ingress_and_the_shop_knows_where()
    {
        var plan = Make(new RunOptions());
        Assert.Equal($"http://localhost:{plan.FlowPort}", plan.Ingress!.Env["Ingress__Extra__flow"]);
        Assert.Equal("/flow", Of(plan, "web").Env["Flow__Path"]);
    }

    [Fact]
    public void An_app_that_a_person_works_on_has_one_instance()
    {
        var plan = Make(new RunOptions { Replicas = 2, LeaveOut = ["orders"], Watch = ["web"] });
        Assert.Equal(Path.Combine(File.Folder, ".data", "leave-out", "orders.env"), Of(plan, "orders").EnvFile);
        Assert.Equal("Ticketing.Web.dll", Path.GetFileName(Of(plan, "web").Command[1]));
        Assert.StartsWith(plan.Data, Of(plan, "web").Command[1], StringComparison.Ordinal);
        Assert.DoesNotContain(plan.Instances, instance => instance.Name is "orders-2" or "web-2");
        Assert.Null(Of(plan, "auth-2").EnvFile);
    }

    [Theory]
    [InlineData("order")]
    [InlineData("ingress")]
    public void An_app_that_cannot_be_left_out_is_named(string app) => Assert.StartsWith(
        $"--leave-out {app}: no such app with a sidecar; known: auth, ",
        Assert.Throws<StartException>(() => Make(new RunOptions { LeaveOut = [app] })).Message, StringComparison.Ordinal);

    static void AssertNoPortTwice(Plan plan)
    {
        var ports = plan.Instances.SelectMany(i => i.Ports).Append(plan.FlowPort).ToList();
        Assert.Equal(ports.Count, ports.Distinct().Count());
    }

    static readonly DaprFile File = Read();

    // A copy in its own folder, with all folders that it names.
    static DaprFile Read()
    {
        var folder = Directory.CreateTempSubdirectory("plan-").FullName;
        foreach (var path in new[] { "Auth", "Tickets", "Orders", "Expiration", "Payments", "Web" })
            Directory.CreateDirectory(Path.Combine(folder, "services", path));
        foreach (var path in new[] { "local/Stripe", "local/Ingress", "components/redis", "components/config" })
            Directory.CreateDirectory(Path.Combine(folder, path));
        foreach (var config in Directory.GetFiles(Repository.At("components/config")))
            System.IO.File.Copy(config, Path.Combine(folder, "components", "config", Path.GetFileName(config)));
        System.IO.File.Copy(Repository.At("dapr.yaml"), Path.Combine(folder, "dapr.yaml"));
        var file = DaprFile.Read(Path.Combine(folder, "dapr.yaml"));
        Directory.Delete(folder, recursive: true);
        return file;
    }

    static Plan Make(RunOptions options)
    {
        var (port, token) = (20000, 0);
        return Plan.Make(File, options, () => ++port, () => $"token-{++token}");
    }

    static Instance Of(Plan plan, string name) => plan.Instances.Single(i => i.Name == name);
}
