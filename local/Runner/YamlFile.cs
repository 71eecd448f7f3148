using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ticketing.Run;

/// <summary>Reads YAML files. One that cannot be read ends the start: without it messages would be lost.</summary>
static class YamlFile
{
    /// <exception cref="StartException">The file cannot be opened, or is not YAML.</exception>
    public static YamlStream Read(string path)
    {
        var parser = new Parser(new StringReader(Text(path)));
        try
        {
            var stream = new YamlStream();
            stream.Load(parser);
            return stream;
        }
        catch (YamlException e)
        {
            throw Mistake(path, e.Start.Line, $"this is not YAML ({(e.InnerException ?? e).Message.TrimEnd('.')})");
        }
        catch (InvalidOperationException)
        {
            // Thrown by the library's scanner after a bracket that is not closed; it names no line.
            throw Mistake(path, parser.Current?.End.Line ?? 1, "this is not YAML (what is opened here is not closed)");
        }
    }

    static string Text(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"{path} cannot be read ({e.Message.TrimEnd('.')}): make it readable.");
        }
    }

    public static StartException Mistake(string path, long line, string what) =>
        new($"{path}, line {line}: {what}; correct it there.");
}
