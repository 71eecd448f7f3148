namespace Ticketing.Sidecar.Actors;

/// <summary>A call that the actor, or the way to it, answered with an error; the message is daprd's.</summary>
class ActorException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>No sidecar hosts the type at this moment.</summary>
sealed class NoAddressException(ActorId actor)
    : ActorException("failed to lookup actor: api error: code = FailedPrecondition desc = "
        + $"did not find address for actor '{actor}'");

/// <summary>The actor went to another host while the call was in it.</summary>
sealed class ActorMovedException() : ActorException("placement table updated");

/// <summary>The actor was deactivated while a call waited for it; the call goes to the actor's next instance.</summary>
sealed class ActorClosedException() : ActorException("actor closed");
