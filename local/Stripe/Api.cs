using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Ticketing.StripeServer;

/// <summary>Common to all calls: API keys, parameters, idempotency, injected faults, writing the response.</summary>
sealed class Api(Database database, Faults faults, NewId newId, TimeProvider clock, ILogger<Api> log)
{
    const int KeyMax = 255;

    readonly ConcurrentDictionary<string, bool> inFlight = new();

    /// <summary>A call that only reads.</summary>
    public Task Read(HttpContext http, string operation, Func<StripeStore, Call, Reply> work) =>
        Answer(http, operation, async (call, fault, ct) =>
        {
            await Wait(fault, FaultKind.Delay, ct);
            return database.Read(store => Work(store, call, work));
        });

    /// <summary>A call that changes something: at most once per idempotency key.</summary>
    public Task Write(HttpContext http, string operation, Func<StripeStore, Call, Reply> work) =>
        Answer(http, operation, (call, fault, ct) => Once(http, call, fault, work, ct));

    async Task Answer(HttpContext http, string operation, Func<Call, FaultRule?, CancellationToken, Task<Reply>> work)
    {
        var ct = http.RequestAborted;
        var requestId = newId("req");
        http.Response.Headers["Request-Id"] = requestId;
        var (call, refused) = await ApiAuthentication.ReadCall(http, requestId, ct);
        if (call is null)
        {
            await Send(http, refused!);
            return;
        }

        var fault = faults.Take(operation);
        var reply = fault?.Do switch
        {
            FaultKind.Unavailable => Reply.Broken with { Status = 503 },
            FaultKind.RateLimit =>
                new Error("invalid_request_error", "Request rate limit exceeded.", "rate_limit") { Status = 429 },
            _ => await work(call, fault, ct),
        };
        if (fault is not null) log.Fault(operation, fault.Do);
        await Wait(fault, FaultKind.Hang, ct);
        if (fault?.Do is FaultKind.LoseReply) http.Abort();
        else await Send(http, reply);
    }

    async Task<Reply> Once(
        HttpContext http, Call call, FaultRule? fault, Func<StripeStore, Call, Reply> work, CancellationToken ct)
    {
        if (call.Request.IdempotencyKey is not { } key)
        {
            await Wait(fault, FaultKind.Delay, ct);
            return await database.Write(store => Done(Work(store, call, work), fault), ct);
        }

        if (key.Length > KeyMax)
            return Error.Invalid($"Idempotency keys can be at most {KeyMax} characters.")
                with
            { Type = "idempotency_error" };
        http.Response.Headers["Idempotency-Key"] = key;
        if (!inFlight.TryAdd(key, true)) return InUse(key);
        try
        {
            await Wait(fault, FaultKind.Delay, ct);
            var (reply, original) = await database.Write(
                store => Once(store, http.Request.Path, call, fault, work), ct);
            if (original is not null)
            {
                http.Response.Headers["Idempotent-Replayed"] = "true";
                http.Response.Headers["Original-Request"] = original;
            }

            return reply;
        }
        finally
        {
            inFlight.TryRemove(key, out _);
        }
    }

    static (Reply Reply, string? Original) Once(
        StripeStore store, string path, Call call, FaultRule? fault, Func<StripeStore, Call, Reply> work)
    {
        var fingerprint = call.Form.Fingerprint();
        if (store.FindReply(call.Request.IdempotencyKey!) is not { } first)
        {
            var reply = Done(Work(store, call, work), fault);
            if (reply.IsStored)
                store.SaveReply(call.Request.IdempotencyKey!,
                    new(path, fingerprint, call.Request.Id!, reply.Status, reply.Body.ToJsonString()));
            return (reply, null);
        }

        if (first.Path != path)
            return (Misused(call, $"for their first endpoint ('{first.Path}', not '{path}')"), null);
        if (first.Fingerprint != fingerprint)
            return (Misused(call, "with the same parameters they were first used with"), null);
        return (new(first.Status, JsonNode.Parse(first.Body)!), first.Request);
    }

    static Reply Work(StripeStore store, Call call, Func<StripeStore, Call, Reply> work)
    {
        var expand = call.Form.List("expand");
        if ((call.Form.Error ?? Expansion.Check(expand)) is { } wrong) return wrong;
        var reply = work(store, call);
        if (reply.Status is 200) Expansion.Apply(store, reply.Body, expand);
        return reply;
    }

    Task Wait(FaultRule? fault, FaultKind kind, CancellationToken ct) => fault?.Do == kind
        ? Task.Delay(TimeSpan.FromMilliseconds(fault.Milliseconds), clock, ct)
        : Task.CompletedTask;

    static Reply Done(Reply reply, FaultRule? fault) => fault?.Do is FaultKind.FailAfterEffect ? Reply.Broken : reply;

    static Reply Misused(Call call, string rule) =>
        Error.Invalid($"Keys for idempotent requests can only be used {rule}. " +
        $"Try using a key other than '{call.Request.IdempotencyKey}' if you meant to execute a different request.")
        with
        { Type = "idempotency_error" };

    static Reply InUse(string key) => new Error("idempotency_error",
        $"There is currently another in-progress request using this Idempotent Key ({key}). Please try again later.",
        "idempotency_key_in_use")
    { Status = 409, BeforeExecution = true };

    static async Task Send(HttpContext http, Reply reply)
    {
        http.Response.StatusCode = reply.Status;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(reply.Body.ToJsonString(), http.RequestAborted);
    }
}
