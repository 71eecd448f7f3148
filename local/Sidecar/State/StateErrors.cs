using Grpc.Core;

namespace Ticketing.Sidecar.State;

/// <summary>The state API's errors.</summary>
static class StateErrors
{
    public static DaprError NotConfigured(string store, string appId) => new(500, StatusCode.FailedPrecondition,
        "ERR_STATE_STORE_NOT_CONFIGURED", $"state store {store} is not configured",
        ErrorDetail.Info("DAPR_STATE_NOT_CONFIGURED", new Dictionary<string, string> { ["appID"] = appId }));

    public static DaprError NotFound(string store, string appId) => new(400, StatusCode.InvalidArgument,
        "ERR_STATE_STORE_NOT_FOUND", $"state store {store} is not found",
        ErrorDetail.Info("DAPR_STATE_NOT_FOUND", new Dictionary<string, string> { ["appID"] = appId }));

    // As in daprd, the transaction endpoint's message lacks the key; the others have it.
    public static DaprError IllegalKey(string store, string key, string field)
    {
        var message =
            $"api error: code = InvalidArgument desc = input key/keyPrefix '{key}' can't contain '{NamedStore.Separator}'";
        return new(400, StatusCode.InvalidArgument, "ERR_MALFORMED_REQUEST", message,
            ErrorDetail.BadField(field, message), ErrorDetail.Resource("state", store),
            ErrorDetail.Info("DAPR_STATE_ILLEGAL_KEY"));
    }

    public static DaprError UnknownOperation(string operation) =>
        new(400, StatusCode.Unimplemented, "ERR_NOT_SUPPORTED_STATE_OPERATION",
            $"operation type {operation} not supported");

    public static readonly DaprError EmptyKey = new(400, StatusCode.InvalidArgument, "ERR_STATE_SAVE",
        "state key cannot be empty");

    public static DaprError Get(string store, string key, string reason) =>
        new(500, StatusCode.Internal, "ERR_STATE_GET", $"fail to get {key} from state store {store}: {reason}");

    public static DaprError BulkGet(string reason) => new(500, StatusCode.Internal, "ERR_STATE_BULK_GET", reason);

    public static DaprError Save(string store, StateOutcome outcome) =>
        Write("ERR_STATE_SAVE", $"failed saving state in state store {store}: ", outcome);

    public static DaprError Delete(string key, StateOutcome outcome) =>
        Write("ERR_STATE_DELETE", $"failed deleting state with key {key}: ", outcome);

    /// <summary>A conflict is a 500 like other errors here; only saves and deletes distinguish it.</summary>
    public static DaprError Transaction(StateOutcome outcome) => new(500, StatusCode.Internal,
        "ERR_STATE_TRANSACTION", $"error while executing state transaction: {outcome.Text}");

    static DaprError Write(string code, string prefix, StateOutcome outcome)
    {
        var (status, grpc) = outcome.Refusal switch
        {
            StateRefusal.ETagMismatch => (409, StatusCode.Aborted),
            StateRefusal.ETagInvalid => (400, StatusCode.InvalidArgument),
            _ => (500, StatusCode.Internal),
        };
        return new(status, grpc, code, prefix + outcome.Text);
    }
}
