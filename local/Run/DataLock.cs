namespace Ticketing.Run;

/// <summary>One runner per data folder: two would write into the same store. A killed runner's lock ends with it.</summary>
sealed class DataLock : IDisposable
{
    readonly FileStream _file;

    /// <exception cref="StartException">Another runner has it.</exception>
    public DataLock(string data)
    {
        try
        {
            _file = new FileStream(Path.Combine(data, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException))
        {
            throw new StartException($"{data} is in use by another runner. Stop it, or keep data elsewhere with --data.");
        }
    }

    public void Dispose() => _file.Dispose();
}
