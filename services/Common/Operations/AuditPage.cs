using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ticketing.Contracts;

namespace Ticketing.Common;

[JsonConverter(typeof(CamelCaseEnumConverter<AuditAct>))]
public enum AuditAct { ApplyLetter, ViewFlow, ViewLetters, ViewAudit }

/// <summary>Begun is written before anything is done: without another line after it nobody knows how it ended.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<AuditOutcome>))]
public enum AuditOutcome { Begun, Done, Refused, Missing }

/// <summary>One line of the audit log: who did what, when, on what, and how it ended.</summary>
/// <param name="Action">The lines of one action have it in common.</param>
/// <param name="User">Whose sign-in it was; e-mail addresses are not kept. Null: nobody's, the app API token was shown.</param>
/// <param name="App">The service it was done in or, without a user, the app that called it.</param>
public sealed record AuditEntry(
    string Action, DateTimeOffset At, UserId? User, string? Session, string App, AuditAct Act, string On,
    AuditOutcome Outcome);

/// <summary>Lines in the order they were written; a page that is full is never changed again.</summary>
public sealed record AuditPage(int Number, ImmutableArray<AuditEntry> Entries) : IAggregate<AuditPage>
{
    public const int EntriesMax = 200;

    /// <summary>The page that is written to; those before it are under <see cref="KeyOf"/>.</summary>
    public const string Newest = "newest";

    static readonly Refusal full = new(409, "audit-page-full", "This page is full.");

    public static string Kind => "audit";
    public static AuditPage Absent(string id) => new(1, []);
    public static string KeyOf(int number) => $"page-{number}";

    // Grows from page to page: the newest page takes the place of the one before it.
    public long Version => (Number - 1L) * EntriesMax + Entries.Length;

    // Nobody is told of it and nobody waits for it.
    public bool IsSettled(DateTimeOffset now) => true;
    public IEnumerable<Event> Repeat() => [];

    public Decision<AuditPage> Append(AuditEntry entry) => Entries.Length >= EntriesMax
        ? full
        : Decision.Changed(this with { Entries = Entries.Add(entry) });

    /// <summary>Puts a full page by; what is put by stays as it is.</summary>
    public Decision<AuditPage> Become(AuditPage page) => Entries.IsEmpty ? Decision.Changed(page) : this;

    /// <summary>Begins the next page with its first line, once this one is put by.</summary>
    public Decision<AuditPage> Follow(AuditPage putBy, AuditEntry first) => Number == putBy.Number
        ? Decision.Changed(new AuditPage(Number + 1, [first]))
        : Append(first);   // another replica began it
}

/// <summary>What a service answers to <c>GET /internal/audit</c>: the newest, newest first.</summary>
public sealed record AuditList(IReadOnlyList<AuditEntry> Entries);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Document<AuditPage>))]
[JsonSerializable(typeof(AuditList))]
public sealed partial class AuditJson : JsonSerializerContext;
