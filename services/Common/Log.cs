using Microsoft.Extensions.Logging;

namespace Ticketing.Common;

static partial class Log
{
    [LoggerMessage(20, LogLevel.Error, "A message on {Path} cannot be parsed; it goes to the dead letters.")]
    public static partial void UnreadableMessage(this ILogger log, Exception e, string path);

    [LoggerMessage(21, LogLevel.Warning, "Answered 503 (try again) to {Path}: {Reason}")]
    public static partial void AnsweredTryAgain(this ILogger log, Exception? e, string path, string reason);

    [LoggerMessage(22, LogLevel.Warning, "Refused {Path}: it came through the ingress or by service invocation.")]
    public static partial void FromAfar(this ILogger log, string path);

    [LoggerMessage(23, LogLevel.Warning, "The secret {Name} could not be read; trying again: {Reason}")]
    public static partial void SecretNotRead(this ILogger log, string name, string reason);

    [LoggerMessage(24, LogLevel.Information, "Auth did not answer with the revoked sessions: {Reason}")]
    public static partial void RevokedNotKnown(this ILogger log, string reason);

    [LoggerMessage(25, LogLevel.Error, "Stored dead letter {Id} of {Topic}: {Fault}")]
    public static partial void KeptDeadLetter(this ILogger log, string id, string topic, string fault);

    [LoggerMessage(26, LogLevel.Critical, "The invariant {Invariant} is broken: {Where}.")]
    public static partial void InvariantBroken(this ILogger log, string invariant, string where);

    [LoggerMessage(27, LogLevel.Error,
        "A {Method} to another app was not sent: {Part} has a character that is not allowed there.")]
    public static partial void NotSent(this ILogger log, string part, string method);

    [LoggerMessage(28, LogLevel.Critical, "Refused to start: {Why}")]
    public static partial void StartRefused(this ILogger log, string why);

    [LoggerMessage(30, LogLevel.Information,
        "Audit {Action}: {User} (session {Session}) in {App}: {Act} {On}: {Outcome}.")]
    public static partial void Audited(this ILogger log, string action, string user, string session, string app,
        AuditAct act, string on, AuditOutcome outcome);

    [LoggerMessage(31, LogLevel.Error, "Audit {Action}: its outcome ({Outcome}) could not be saved.")]
    public static partial void AuditEndNotWritten(this ILogger log, Exception e, string action, AuditOutcome outcome);

    [LoggerMessage(32, LogLevel.Information, "The dead letters of an older build are applied later: {Reason}")]
    public static partial void LettersWait(this ILogger log, string reason);
}
