namespace Ticketing.Sidecar.Actors;

/// <summary>A call of an actor failed, in the app or before it; the message is daprd's.</summary>
class ActorException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>No sidecar hosts the type at this moment.</summary>
sealed class NoAddressException(ActorId actor)
    : ActorException("failed to lookup actor: api error: code = FailedPrecondition desc = "
        + $"did not find address for actor '{actor}'");

/// <summary>The actor moved to another host during the call.</summary>
sealed class ActorMovedException() : ActorException("placement table updated");

/// <summary>The actor was deactivated while a call waited; the call is sent to the next instance.</summary>
sealed class ActorClosedException() : ActorException("actor closed");
