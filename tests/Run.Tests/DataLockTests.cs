namespace Ticketing.Run.Tests;

public sealed class DataLockTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("lock-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_folder_is_made_and_taken_by_one_runner_at_a_time()
    {
        var data = Path.Combine(folder, "a", "b");
        using (new DataLock(data))
            Assert.Equal($"{data} is in use by another runner: stop it, or keep data elsewhere by --data.", Refusal(data));
        using var next = new DataLock(data);
        Assert.Equal(0, new FileInfo(Path.Combine(data, "lock")).Length);
    }

    [Fact]
    public void A_file_in_its_place_is_named()
    {
        var file = Path.Combine(folder, "data");
        File.WriteAllText(file, "");
        Assert.StartsWith($"{file} cannot be the data folder (", Refusal(file), StringComparison.Ordinal);
        Assert.StartsWith($"{file}/x cannot be the data folder (", Refusal(Path.Combine(file, "x")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("what?")]
    [InlineData("{uuid}")]
    public void A_name_that_a_store_would_read_differently_is_refused(string name) =>
        Assert.Contains("choose a path without '?' and '{'", Refusal(Path.Combine(folder, name)), StringComparison.Ordinal);

    [Theory]   // the errno of Linux and macOS, the HRESULT of Windows
    [InlineData(28, "There is no room for D: free some of the disk, or keep data elsewhere by --data.")]
    [InlineData(unchecked((int)0x80070070), "There is no room for D: free some of the disk, or keep data elsewhere by --data.")]
    [InlineData(30, "D lies on a disk that is read-only: keep data elsewhere by --data.")]
    [InlineData(unchecked((int)0x80070013), "D lies on a disk that is read-only: keep data elsewhere by --data.")]
    [InlineData(35, "D is in use by another runner: stop it, or keep data elsewhere by --data.")]
    [InlineData(unchecked((int)0x80070020), "D is in use by another runner: stop it, or keep data elsewhere by --data.")]
    [InlineData(5, "D cannot be the data folder (Broken): choose another by --data.")]
    public void Each_fault_of_a_disk_has_its_sentence(int code, string sentence) =>
        Assert.Equal(sentence, DataLock.Explain("D", new IOException("Broken.", code)).Message);

    [Fact]
    public void A_folder_of_another_user_is_named() => Assert.Equal(
        "D may not be written by this user: change its owner, or keep data elsewhere by --data.",
        DataLock.Explain("D", new UnauthorizedAccessException()).Message);

    static string Refusal(string data) => Assert.Throws<StartException>(() => new DataLock(data)).Message;
}
