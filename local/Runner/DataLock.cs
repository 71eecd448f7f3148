namespace Ticketing.Run;

/// <summary>
/// One runner per data folder: two would write to the same store. A killed runner's lock ends with it.
/// </summary>
sealed class DataLock : IDisposable
{
    /// <summary>Written and removed again at the start: less room than this, and the stores fail at once.</summary>
    const int RoomMin = 1 << 20;

    // HResult is the errno on Linux and macOS (whose EAGAIN differ), and 0x8007xxxx on Windows.
    const int InUse = 11, InUseOnMac = 35, InUseOnWindows = unchecked((int)0x80070020);
    const int Full = 28, FullOnWindows = unchecked((int)0x80070070);
    const int ReadOnly = 30, ReadOnlyOnWindows = unchecked((int)0x80070013);

    readonly FileStream _file;

    /// <summary>Creates the folder if it is missing.</summary>
    /// <exception cref="StartException">Another runner uses the folder, or nothing can be stored in it.</exception>
    public DataLock(string data)
    {
        // State.sqlite cuts its path at a question mark; braces are templates in the metadata of components.
        if (data.AsSpan().IndexOfAny('?', '{') >= 0)
            throw new StartException(
                $"A store cannot be kept under {data}: choose a path without '?' and '{{' by --data.");
        try
        {
            Directory.CreateDirectory(data);
            _file = new(Path.Combine(data, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Explain(data, e);
        }

        try
        {
            _file.Write(new byte[RoomMin]);
            _file.SetLength(0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Dispose();
            throw Explain(data, e);
        }
    }

    internal static StartException Explain(string data, Exception error) => new(error switch
    {
        UnauthorizedAccessException =>
            $"{data} may not be written by this user: change its owner, or keep data elsewhere by --data.",
        { HResult: InUse or InUseOnMac or InUseOnWindows } =>
            $"{data} is in use by another runner: stop it, or keep data elsewhere by --data.",
        { HResult: Full or FullOnWindows } =>
            $"There is no room for {data}: free some of the disk, or keep data elsewhere by --data.",
        { HResult: ReadOnly or ReadOnlyOnWindows } =>
            $"{data} lies on a disk that is read-only: keep data elsewhere by --data.",
        _ => $"{data} cannot be the data folder ({error.Message.TrimEnd('.')}): choose another by --data.",
    });

    public void Dispose()
    {
        // What could not be written is tried again by a close, and fails again.
        try
        {
            _file.Dispose();
        }
        catch (IOException)
        {
            // The lock is released nevertheless.
        }
    }
}
