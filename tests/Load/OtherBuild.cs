using Ticketing.Testing;

namespace Ticketing.Load;

/// <summary>The project as it was at another commit, checked out beside this one.</summary>
static class OtherBuild
{
    /// <returns>The root of its checkout, in <c>artifacts/</c>; made when it is not there yet.</returns>
    public static async Task<string> Of(string commit, CancellationToken ct)
    {
        var hash = (await Command.Run(Repository.Root, ct, "git", "rev-parse", "--short", commit)).Trim();
        var root = Repository.At($"artifacts/builds/{hash}");
        if (!Directory.Exists(root)) await Command.Run(Repository.Root, ct, "git", "worktree", "add", "--detach", root, hash);
        return root;
    }
}
