namespace Ticketing.Shop.Tests;

/// <summary>Somebody with an account, as the HTTP API sees one.</summary>
/// <param name="Session">A signed token: every shop with the same keys believes it.</param>
sealed record Person(string Email, string Session)
{
    public const string Password = "a long password";

    public override string ToString() => Email;
}
