using System.Net.Http.Json;
using Ticketing.Common;
using Ticketing.Testing;

namespace Ticketing.Payments.Tests;

public sealed class PersonalPaymentsTests
{
    [Fact]
    public async Task Auth_is_told_of_the_payments_of_their_buyer_and_nobody_else_of_any()
    {
        await using var payments = await PaymentsHost.Open();
        var (paid, other, unpaid) = (await payments.Order(), await payments.Order(), await payments.Order());
        await payments.Paid(paid);
        await payments.Paid(other);

        var of = $"of={paid}&of={unpaid}&of=nonsense";
        var mine = await Read(payments, PaymentsHost.Buyer, of);
        var payment = Assert.Single(mine.Items);
        Assert.Equal(paid.ToString(), payment.GetProperty("id").GetString());
        Assert.DoesNotContain("secret", payment.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.Empty((await Read(payments, "somebodyelse", of)).Items);
        using var web = await Ask(payments, PaymentsHost.Buyer, of, "web");
        Assert.Equal(404, (int)web.StatusCode);
    }

    static async Task<PersonalData> Read(PaymentsHost payments, string user, string of) =>
        (await (await Ask(payments, user, of, "auth"))
            .Content.ReadFromJsonAsync(PersonalDataJson.Default.PersonalData))!;

    static async Task<HttpResponseMessage> Ask(PaymentsHost payments, string user, string of, string caller)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/internal/users/{user}/payments?{of}");
        request.Headers.Add("dapr-api-token", ServiceHost.AppToken);
        request.Headers.Add("dapr-caller-app-id", caller);
        return await payments.Service.Anonymous.SendAsync(request);
    }
}
