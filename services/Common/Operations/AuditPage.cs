using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ticketing.Contracts;

namespace Ticketing.Common;

[JsonConverter(typeof(CamelCaseEnumConverter<AuditAct>))]
public enum AuditAct { ApplyLetter, ViewFlow, ViewLetters, ViewAudit }

/// <summary><c>Begun</c> is saved before the action; with no later entry its outcome is unknown.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<AuditOutcome>))]
public enum AuditOutcome { Begun, Done, Refused, Missing }

/// <summary>One entry of the audit log: who did what, when, on what, and its outcome.</summary>
/// <param name="Action">Shared by the entries of one action.</param>
/// <param name="User">The operator; e-mail addresses are not stored. Null: only the app API token was sent.</param>
/// <param name="App">The service it was done in or, without a user, the calling app.</param>
public sealed record AuditEntry(
    string Action, DateTimeOffset At, UserId? User, string? Session, string App, AuditAct Act, string On,
    AuditOutcome Outcome) : Extensible;

/// <summary>Entries in the order they were written; a full page is never changed again.</summary>
public sealed record AuditPage(int Number, ImmutableArray<AuditEntry> Entries) : Extensible, IAggregate<AuditPage>
{
    public const int EntriesMax = 200;

    /// <summary>The page that is written to; the full ones are stored under <see cref="KeyOf"/>.</summary>
    public const string Newest = "newest";

    static readonly Refusal full = new(409, "audit-page-full", "This page is full.");

    public static string Kind => "audit";
    public static AuditPage Absent(string id) => new(1, []);
    // Entries are only added: those of a newer build must not stop the operators.
    public static bool DecidesByWords => false;
    public static string KeyOf(int number) => $"page-{number}";

    // Grows over all pages: the document "newest" holds one page after the other.
    public long Version => (Number - 1L) * EntriesMax + Entries.Length;

    // No other service has to confirm it.
    public bool IsSettled(DateTimeOffset now) => true;
    public IEnumerable<Event> Repeat() => [];

    public Decision<AuditPage> Append(AuditEntry entry) => Entries.Length >= EntriesMax
        ? full
        : Decision.Changed(this with { Entries = Entries.Add(entry) });

    /// <summary>Copies a full page into its own document, which never changes again.</summary>
    public Decision<AuditPage> CopyFrom(AuditPage page) => Entries.IsEmpty ? Decision.Changed(page) : this;

    /// <summary>Starts the next page with its first entry, once this one is copied.</summary>
    public Decision<AuditPage> StartNext(AuditPage copied, AuditEntry first) => Number == copied.Number
        ? Decision.Changed(new AuditPage(Number + 1, [first]))
        : Append(first);   // another replica has started it
}

/// <summary>What a service answers to <c>GET /internal/audit</c>: the newest, newest first.</summary>
public sealed record AuditList(IReadOnlyList<AuditEntry> Entries);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Document<AuditPage>))]
[JsonSerializable(typeof(AuditList))]
public sealed partial class AuditJson : JsonSerializerContext;
