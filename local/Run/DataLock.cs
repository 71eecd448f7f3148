namespace Ticketing.Run;

/// <summary>
/// One runner per data folder: two would write to the same store. A killed runner's lock ends with it.
/// </summary>
sealed class DataLock : IDisposable
{
    readonly FileStream _file;

    /// <exception cref="StartException">Another runner uses the folder.</exception>
    public DataLock(string data)
    {
        try
        {
            var path = Path.Combine(data, "lock");
            _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException))
        {
            throw new StartException($"{data} is in use by another runner. Stop it, or keep data elsewhere: --data.");
        }
    }

    public void Dispose() => _file.Dispose();
}
