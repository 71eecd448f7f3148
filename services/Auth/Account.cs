using System.Text.Json.Serialization;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Auth;

/// <summary>One e-mail address and whoever signed up with it.</summary>
/// <param name="PasswordHash">In the format of ASP.NET Core Identity: algorithm, cost and salt are part of it.</param>
public sealed record Account(UserId Id, string Email, string PasswordHash, DateTimeOffset SignedUpAt, long Version)
    : IAggregate<Account>
{
    public static readonly Refusal EmailInUse = new(409, "email-in-use", "This e-mail address has an account already.");
    public static readonly Refusal BadCredentials = new(401, "bad-credentials", "E-mail or password is not right.");

    public static string Kind => "user";
    public static Account Absent(string id) => new(default, "", "", default, 0);

    // Nobody is told of accounts, so nobody waits.
    public bool IsSettled(DateTimeOffset now) => true;
    public IEnumerable<Event> SayAgain() => [];

    /// <summary>Whoever signed up has erased the account: nothing is left but its place, free for a new person.</summary>
    public static readonly UserId Nobody = new("erased");

    [JsonIgnore]
    public bool IsErased => Id == Nobody;

    public Decision<Account> SignUp(UserId id, string email, string passwordHash, DateTimeOffset now) =>
        Version > 0 && !IsErased
            ? EmailInUse
            : Decision.Changed(new Account(id, email, passwordHash, now, Version + 1));

    /// <summary>Not even the old id stays: the address would lead from it to what the person bought and sold.</summary>
    public Decision<Account> Erase(UserId id) => Id == id
        ? Decision.Changed(new Account(Nobody, "", "", default, Version + 1))
        : this;

    /// <summary>The same password under today's cost, unless it was changed meanwhile.</summary>
    public Decision<Account> Rehash(string from, string to) => PasswordHash == from
        ? Decision.Changed(this with { PasswordHash = to, Version = Version + 1 })
        : this;
}
