using Microsoft.IdentityModel.JsonWebTokens;
using Ticketing.Testing;

namespace Ticketing.Auth.Tests;

public sealed class OperatorTests
{
    const string Listed = "--Auth:Operators=ops@example.com Root@Example.com";

    [Theory]
    [InlineData("ops@example.com", true)]
    [InlineData("OPS@example.com", true)]
    [InlineData("root@example.com", true)]
    [InlineData("ops@example.com.evil.example", false)]
    [InlineData("ada@example.com", false)]
    public async Task Who_is_listed_is_an_operator_from_the_next_sign_in_on(string email, bool isOperator)
    {
        var store = new InMemoryStore();
        await using (var before = await AuthHost.Open(store: store))
            Assert.False(IsOperator(await before.SignUp(email)));
        await using var auth = await AuthHost.Open(store: store, args: Listed);
        Assert.Equal(isOperator, IsOperator(await auth.SignIn(email)));
    }

    // Sign-up does not verify that an address belongs to the person.
    [Fact]
    public async Task A_listed_address_looks_taken_to_a_stranger()
    {
        await using var auth = await AuthHost.Open(args: [Listed, .. AuthHost.Production]);
        Reply.Is(409, "email-in-use", await auth.SignUp("Ops@Example.com"));
        Reply.Is(201, null, await auth.SignUp("ada@example.com"));
    }

    [Fact]
    public async Task On_a_developers_machine_an_operator_just_signs_up()
    {
        await using var auth = await AuthHost.Open(args: Listed);
        Assert.True(IsOperator(await auth.SignUp("ops@example.com")));
    }

    [Fact]
    public async Task A_list_that_names_no_address_is_refused_at_start() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => AuthHost.Open(args: "--Auth:Operators=everybody"));

    static bool IsOperator(Reply reply) => new JsonWebToken(reply.Session.Split('=')[1])
        .TryGetClaim("role", out var role) && role.Value == "operator";
}
