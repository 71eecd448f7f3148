using System.Text.Json;
using System.Text.RegularExpressions;

namespace Ticketing.Run.Tests;

/// <param name="Status">The first status in the request's title.</param>
sealed record HttpFileRequest(
    string Title, int Status, string? Name, string Method, string Url, string? ContentType, string? Body);

/// <summary>A <c>.http</c> file, as far as VS Code, Rider and Visual Studio agree on its syntax.</summary>
sealed partial class HttpFile
{
    readonly Dictionary<string, string> variables = [];
    readonly Dictionary<string, JsonElement> answers = [];

    public List<HttpFileRequest> Requests { get; } = [];

    public static HttpFile Read(string path)
    {
        var file = new HttpFile();
        foreach (var block in Separator().Split(File.ReadAllText(path).ReplaceLineEndings("\n")))
            file.Add(block.Split('\n'));
        return file;
    }

    /// <summary>Replaces a variable of the file, as a person does who edits it.</summary>
    public void Set(string name, string value) => variables[name] = value;

    /// <summary>For <c>{{name.response.body.$.member}}</c> of later requests.</summary>
    public void Answered(HttpFileRequest request, JsonElement body)
    {
        if (request.Name is { } name) answers[name] = body;
    }

    public string Fill(string text)
    {
        var filled = Placeholder().Replace(text, match => ValueOf(match.Groups[1].Value));
        return filled == text ? text : Fill(filled);
    }

    string ValueOf(string name) => name.Split('.') is [var request, "response", "body", "$", var member]
        ? answers[request].GetProperty(member).ToString()
        : variables[name];

    void Add(string[] lines)
    {
        var title = lines[0].Trim();
        string? name = null, type = null, start = null;
        foreach (var line in lines.Skip(1).TakeWhile(line => line.Length > 0 || start is null))
        {
            if (line.StartsWith("# @name ", StringComparison.Ordinal)) name = line["# @name ".Length..];
            else if (line.StartsWith('@')) variables[line[1..].Split('=')[0].Trim()] = line.Split('=', 2)[1].Trim();
            else if (line.StartsWith("Content-Type: ", StringComparison.Ordinal)) type = line.Split(' ')[1];
            else if (line.Length > 0 && line[0] != '#') start ??= line;
        }

        if (start is null) return;   // the file's own head
        var body = string.Join('\n', lines.SkipWhile(line => line != start).SkipWhile(line => line.Length > 0)).Trim();
        Requests.Add(new(title, int.Parse(title[..3], System.Globalization.CultureInfo.InvariantCulture), name,
            start.Split(' ')[0], start.Split(' ')[1], type, body.Length == 0 ? null : body));
    }

    [GeneratedRegex("^###", RegexOptions.Multiline)]
    private static partial Regex Separator();

    [GeneratedRegex(@"\{\{([^}]+)\}\}")]
    private static partial Regex Placeholder();
}
