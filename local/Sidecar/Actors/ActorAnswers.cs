using Grpc.Core;
using Ticketing.Sidecar.Http;

namespace Ticketing.Sidecar.Actors;

/// <summary>The actor API's refusals.</summary>
static class ActorAnswers
{
    public static readonly DaprError NoPlacement = new(400, StatusCode.Unavailable,
        "ERR_ACTOR_NO_PLACEMENT", "placement service is not configured");

    public static readonly DaprError NoStore = new(500, StatusCode.Internal, "ERR_ACTOR_RUNTIME_NOT_FOUND",
        "the state store is not configured to use the actor runtime. "
        + "Have you set the - name: actorStateStore value: \"true\" in your state store component file?");

    public static readonly DaprError NotActive = new(400, StatusCode.Internal,
        "ERR_ACTOR_INSTANCE_MISSING", "actor instance is missing");

    public static readonly DaprError TooDeep = new(500, StatusCode.ResourceExhausted,
        "ERR_ACTOR_STACK_DEPTH", "maximum stack depth exceeded");

    public static readonly DaprError NotHosted = new(403, StatusCode.PermissionDenied, "ERR_ACTOR_REMINDER_NON_HOSTED",
        "operations on actor reminders are only possible on hosted actor types");

    public static DaprError BadRequest(string fault) =>
        new(400, StatusCode.InvalidArgument, "ERR_BAD_REQUEST", $"invalid request: {fault}");

    public static DaprError Reserved(string type) => new(403, StatusCode.PermissionDenied, "ERR_ACTOR_TYPE_RESERVED",
        $"actor type \"{type}\" is reserved for the Dapr workflow runtime; direct actor API access is not permitted");

    public static DaprError Invoke(string reason) =>
        Failed("ERR_ACTOR_INVOKE_METHOD", $"error invoke actor method: {reason}");

    public static DaprError GetState(string reason) =>
        Failed("ERR_ACTOR_STATE_GET", $"error getting actor state: {reason}");

    public static DaprError SaveState(string reason) =>
        Failed("ERR_ACTOR_STATE_TRANSACTION_SAVE", $"error saving actor transaction state: {reason}");

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
