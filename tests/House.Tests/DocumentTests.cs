using System.Text.Json;
using System.Text.Json.Nodes;
using Ticketing.Contracts;

namespace Ticketing.House.Tests;

/// <summary>
/// Stored documents of every released shape are read, and rewritten without loss; so is what a newer build has added.
/// </summary>
public class DocumentTests
{
    const string Folder = "tests/House.Tests/golden/documents";
    const int Samples = 100;

    /// <summary>The members whose values are words of an enum.</summary>
    static readonly HashSet<string> words = ["status", "reason", "state", "kind", "act", "outcome"];

    public static TheoryData<string> Golden => new(Directory
        .EnumerateFiles(Repository.At(Folder), "*.json").Select(file => Path.GetFileName(file)).Order());

    [Fact]
    public void Every_kind_of_document_has_a_golden_file_of_its_first_shape() =>
        Assert.All(StoredDocument.All, stored => Assert.True(File.Exists(Repository.At($"{Folder}/{stored.Kind}.1.json")),
            $"{stored.Kind} has none."));

    [Theory, MemberData(nameof(Golden))]
    public void What_was_stored_once_is_read_and_rewritten_without_loss(string file) => AssertKept(file, Read(file));

    [Theory, MemberData(nameof(Golden))]
    public void What_a_newer_build_has_added_is_rewritten_without_loss(string file)
    {
        var document = Read(file);
        for (var seed = 0; seed < Samples; seed++)
            AssertKept(file, JsonChanges.WithMembers(document, new(seed)));
    }

    [Theory, MemberData(nameof(Golden))]
    public void A_word_of_a_newer_build_is_noticed_and_rewritten_as_it_was(string file)
    {
        Assert.False(UnknownWords.AreIn(AssertKept(file, Read(file)), Of(file).Json));
        foreach (var newer in JsonChanges.WithUnknownWords(Read(file), words).Where(IsNotText))
            Assert.True(UnknownWords.AreIn(AssertKept(file, newer), Of(file).Json), $"Not noticed: {newer}");
    }

    [Fact]
    public void The_golden_files_have_every_enum_in_them()
    {
        var replaced = Golden.Sum(row => JsonChanges.WithUnknownWords(Read(row.Data), words).Count(IsNotText));
        Assert.True(replaced >= 17, $"Only {replaced} words were found.");
    }

    // A refund request's reason is the buyer's own text; an aggregate's state is an object.
    static bool IsNotText(JsonNode document) =>
        document["state"] is not JsonValue && !document.ToJsonString().Contains("\"refundRequest\":{\"reason\":\"never",
            StringComparison.Ordinal);

    static object? AssertKept(string file, JsonNode document)
    {
        var json = Of(file).Json;
        var read = JsonSerializer.Deserialize(document, json);
        var written = JsonSerializer.SerializeToNode(read, json);
        Assert.True(JsonChanges.Contains(written, document), $"{file} lost something:\n{document}\n{written}");
        return read;
    }

    static JsonNode Read(string file) => JsonNode.Parse(File.ReadAllText(Repository.At($"{Folder}/{file}")))!;

    static StoredDocument Of(string file) => StoredDocument.All.Single(stored => stored.Kind == file.Split('.')[0]);
}
