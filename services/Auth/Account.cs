using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Auth;

/// <summary>One e-mail address and the account that was signed up with it.</summary>
/// <param name="PasswordHash">In the format of ASP.NET Core Identity: algorithm, cost and salt are part of it.</param>
public sealed record Account(UserId Id, string Email, string PasswordHash, DateTimeOffset SignedUpAt, long Version)
    : Extensible, IAggregate<Account>
{
    /// <summary>One session more ends the oldest.</summary>
    public const int SessionsMax = 50;

    public static readonly Refusal EmailInUse = new(409, "email-in-use", "This e-mail address has an account already.");
    public static readonly Refusal BadCredentials = new(401, "bad-credentials", "E-mail or password is not right.");
    static readonly Refusal SessionGone = new(401, "unauthenticated", "Sign in first.");

    /// <summary>
    /// In the order they began. A session not in the list is not renewed; expired ones are removed at the next sign-in.
    /// </summary>
    public ImmutableArray<Session> Sessions { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>
    /// How many passwords the account had before this one. A rehash of the same password does not count.
    /// </summary>
    public int PasswordsBefore { get; init; }

    public static string Kind => "user";
    public static Account Absent(string id) => new(default, "", "", default, 0);

    // Accounts publish no events, so no other service has anything to confirm.
    public bool IsSettled(DateTimeOffset now) => true;
    public IEnumerable<Event> Repeat() => [];

    /// <summary>
    /// The id of an erased account: only its document is left, for the next sign-up with this address.
    /// </summary>
    public static readonly UserId ErasedId = new("erased");

    [JsonIgnore]
    public bool IsErased => Id == ErasedId;

    public Decision<Account> SignUp(UserId id, string email, string passwordHash, Session first, DateTimeOffset now) =>
        Version > 0 && !IsErased
            ? EmailInUse
            : Decision.Changed(new Account(id, email, passwordHash, now, Version + 1) { Sessions = [first] });

    /// <summary>
    /// The old id is erased too: it would link the address to what the person bought and sold. So are members of a newer
    /// build: they may be about the person.
    /// </summary>
    public Decision<Account> Erase(UserId id) => Id == id
        ? Decision.Changed(new Account(ErasedId, "", "", default, Version + 1))
        : this;

    /// <param name="passwordsBefore">As read when the password was checked; the password may have changed
    /// since.</param>
    public Decision<Account> Begin(UserId owner, Session session, int passwordsBefore)
    {
        if (Id != owner || PasswordsBefore != passwordsBefore)
            return BadCredentials;
        var sessions = Sessions.RemoveAll(known => known.HasRunOut(session.BeganAt)).Add(session);
        return Changed(sessions.Length > SessionsMax ? sessions[^SessionsMax..] : sessions);
    }

    /// <summary>A session that is not in the list was ended, or began before sessions were listed.</summary>
    public Decision<Account> Renew(User user, DateTimeOffset now, string from, string browser)
    {
        var session = Sessions.FirstOrDefault(known => known.Id == user.SessionId);
        return Id != user.Id || session is null
            ? SessionGone
            : Changed(Sessions.Replace(session, session with { RenewedAt = now, From = from, Browser = browser }));
    }

    public Decision<Account> End(UserId user, IReadOnlyCollection<string> sessionIds) =>
        Id == user && Sessions.Any(known => sessionIds.Contains(known.Id))
            ? Changed(Sessions.RemoveAll(known => sessionIds.Contains(known.Id)))
            : this;

    /// <summary>Ends all other sessions: somebody who knew the old password may have begun them.</summary>
    public Decision<Account> ChangePassword(User by, int passwordsBefore, string hash) =>
        Id != by.Id || PasswordsBefore != passwordsBefore
            ? BadCredentials
            : Decision.Changed(this with
            {
                PasswordHash = hash,
                PasswordsBefore = passwordsBefore + 1,
                Sessions = Sessions.RemoveAll(known => known.Id != by.SessionId),
                Version = Version + 1,
            });

    /// <summary>Stores the same password hashed at today's cost, unless the password was changed meanwhile.</summary>
    public Decision<Account> Rehash(string from, string to) => PasswordHash == from
        ? Decision.Changed(this with { PasswordHash = to, Version = Version + 1 })
        : this;

    Decision<Account> Changed(ImmutableArray<Session> sessions) =>
        Decision.Changed(this with { Sessions = sessions, Version = Version + 1 });
}
