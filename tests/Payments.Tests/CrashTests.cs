using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Ticketing.Common;
using Ticketing.Contracts;
using Ticketing.Testing;
using static Ticketing.Payments.Tests.Samples;

namespace Ticketing.Payments.Tests;

/// <summary>
/// A process is killed or frozen at each of its calls in turn, from the first event of the order to the captured
/// charge. Another one takes over, and the money is captured once.
/// </summary>
public sealed class CrashTests(CrashTests.LocalStripe stripe) : IClassFixture<CrashTests.LocalStripe>
{
    const int CallsMin = 15, CallsMax = 200;
    static readonly TimeSpan UnderWay = TimeSpan.FromMilliseconds(50);

    public static TheoryData<Accident> Accidents => [Accident.DieBefore, Accident.DieAfter, Accident.Freeze];

    [Theory]
    [MemberData(nameof(Accidents))]
    public async Task Wherever_it_happens_the_charge_is_made_once(Accident accident)
    {
        var at = 1;
        while (await CrashAt(accident, at) && at < CallsMax)
            at++;
        Assert.InRange(at, CallsMin, CallsMax - 1);   // the last run had fewer calls, so no accident happened
    }

    async Task<bool> CrashAt(Accident accident, int at)
    {
        var order = OrderId.Parse($"{accident.ToString().ToLowerInvariant()}-{at}", null);
        var (store, clock) = (new InMemoryStore(), new ShiftedClock());
        await using var first = new Instance(store, clock, stripe.Url);
        var isHit = false;
        first.Sidecar.Script = call =>
        {
            if (call.Number != at)
                return Accident.None;
            isHit = true;
            return accident;
        };
        var running = first.PayAndCapture(order);
        await Eventually.Is(() => isHit || running.IsCompleted);
        if (!running.IsCompleted)
            await Task.WhenAny(running, Task.Delay(UnderWay));   // a call to Stripe under way completes

        await using var second = new Instance(store, clock, stripe.Url);
        await second.TakeOver();
        if (await second.Payments.Find(order) is { Order.Status: OrderStatus.Complete })
            await Captured(second, order, $"{accident} at {at}, nobody asking again");

        // Those without an answer repeat their request: the buyer, and the broker with the order's events.
        await second.PayAndCapture(order);
        first.Sidecar.Thaw();
        await Captured(second, order, $"{accident} at {at}");
        Assert.Equal((4550, 0), await stripe.Taken(order));
        return isHit;
    }

    static async Task Captured(Instance instance, OrderId order, string when)
    {
        try
        {
            await Eventually.Is(async () =>
                await instance.Payments.Find(order) is { Status: PaymentStatus.Captured, Pending: null });
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{when}: {await instance.Payments.Find(order)}");
        }
    }

    /// <summary>One process of the service, without its HTTP API; it stops with its sidecar.</summary>
    sealed class Instance : IAsyncDisposable
    {
        readonly ServiceProvider services;
        readonly ShiftedClock clock;

        public Instance(InMemoryStore store, ShiftedClock clock, string stripeUrl)
        {
            this.clock = clock;
            Sidecar = new(store);
            var collection = new ServiceCollection().AddLogging()
                .AddSingleton<ISidecar>(Sidecar)
                .AddSingleton<TimeProvider>(clock)
                .AddSingleton<IConfiguration>(new ConfigurationBuilder()
                    .AddInMemoryCollection([new("Stripe:ApiBase", stripeUrl)]).Build())
                .AddSingleton<IHostApplicationLifetime, ApplicationLifetime>()
                .AddSingleton<IHostEnvironment>(new HostingEnvironment { EnvironmentName = Environments.Development })
                .AddSingleton<StartRefusal>().AddSingleton<Secrets>()
                .AddSingleton<ReadSecret>((_, _) => Task.FromResult("sk_test_x"))
                .AddSingleton(new OtherApps(new(new OtherAppsStub(_ =>
                throw new HttpRequestException("Nobody is asked here.")))));
            services = PaymentsApp.AddCharging(collection).BuildServiceProvider();
            Payments = services.GetRequiredService<AggregateStore<Payment>>();
        }

        public InMemorySidecar Sidecar { get; }
        public AggregateStore<Payment> Payments { get; }

        public async Task PayAndCapture(OrderId order)
        {
            await Apply(order, OrderStatus.AwaitingPayment, 1);
            await services.GetRequiredService<PaymentService>().Pay(order, Buyer, "pm_card_visa", default);
            await Apply(order, OrderStatus.Complete, 2);
            await (await Payments.UpdateAndPerform(order, payment => payment)).Run;
        }

        public async Task TakeOver()
        {
            var recovery = services.GetRequiredService<AggregateHost>().Recovery;
            await recovery.Sweep();
            clock.Shift += Recovery.TakeoverAge;
            await recovery.Sweep();
        }

        async Task Apply(OrderId order, OrderStatus status, long version) => await
            Payments.Update(order, payment => payment.Apply(Known(status, version), again: false, clock.GetUtcNow()));

        public ValueTask DisposeAsync() => services.DisposeAsync();
    }

    public sealed class LocalStripe : IAsyncLifetime
    {
        readonly DirectoryInfo data = Directory.CreateTempSubdirectory("payments-crash");
        readonly Microsoft.AspNetCore.Builder.WebApplication app;
        readonly HttpClient http = new();

        public LocalStripe() => app = StripeServer.Server.Build(
            ["--urls", "http://127.0.0.1:0", "--data", data.FullName, "--Logging:LogLevel:Default", "Error"]);

        public string Url => app.Urls.Single();

        public async ValueTask InitializeAsync() => await app.StartAsync();

        /// <summary>The sums captured and refunded over all PaymentIntents of an order.</summary>
        public async Task<(long Captured, long Refunded)> Taken(OrderId order)
        {
            var (captured, refunded) = (0L, 0L);
            foreach (var intent in (await Get($"/v1/payment_intents/search?query=metadata['orderId']:'{order}'"))
                .GetProperty("data").EnumerateArray())
            {
                var ledger = await Get($"/ledger?paymentIntent={intent.GetProperty("id").GetString()}");
                captured += ledger.GetProperty("captured").GetInt64();
                refunded += ledger.GetProperty("refunded").GetInt64();
            }

            return (captured, refunded);
        }

        async Task<JsonElement> Get(string path)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Url + path);
            request.Headers.Authorization = new("Bearer", "sk_test_x");
            using var answer = await http.SendAsync(request);
            return JsonElement.Parse(await answer.Content.ReadAsStringAsync());
        }

        public async ValueTask DisposeAsync()
        {
            await app.StopAsync();
            await app.DisposeAsync();
            http.Dispose();
            data.Delete(recursive: true);
        }
    }
}
