namespace Ticketing.Shop.Tests;

/// <summary>A person with an account.</summary>
/// <param name="Session">A signed token, valid in every shop with the same keys.</param>
sealed record Person(string Email, string Session)
{
    public const string Password = "a long password";

    public override string ToString() => Email;
}
