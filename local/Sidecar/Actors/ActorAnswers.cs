using Grpc.Core;

namespace Ticketing.Sidecar.Actors;

/// <summary>The actor API's errors.</summary>
static class ActorAnswers
{
    public static readonly DaprError NoPlacement = new(400, StatusCode.Unavailable,
        "ERR_ACTOR_NO_PLACEMENT", "placement service is not configured");

    public static readonly DaprError NotHosted = new(403, StatusCode.PermissionDenied, "ERR_ACTOR_REMINDER_NON_HOSTED",
        "operations on actor reminders are only possible on hosted actor types");

    public static DaprError BadRequest(string fault) =>
        new(400, StatusCode.InvalidArgument, "ERR_BAD_REQUEST", $"invalid request: {fault}");

    public static DaprError Invoke(string reason) =>
        Failed("ERR_ACTOR_INVOKE_METHOD", $"error invoke actor method: {reason}");

    public static DaprError CreateTimer(string reason) =>
        Failed("ERR_ACTOR_TIMER_CREATE", $"error creating actor timer: {reason}");

    public static DaprError CreateReminder(string reason) =>
        Failed("ERR_ACTOR_REMINDER_CREATE", $"error creating actor reminder: {reason}");

    public static DaprError DeleteReminder(string reason) =>
        Failed("ERR_ACTOR_REMINDER_DELETE", $"error deleting actor reminder: {reason}");

    public static DaprError NoReminder(string name) =>
        new(404, StatusCode.NotFound, "ERR_ACTOR_REMINDER_NOT_FOUND", $"actor reminder not found: {name}");

    public static DaprError ReminderExists(string name) =>
        new(409, StatusCode.AlreadyExists, "ERR_ACTOR_REMINDER_ALREADY_EXISTS",
            $"actor reminder already exists: {name}");

    static DaprError Failed(string code, string message) => new(500, StatusCode.Internal, code, message);
}
