using Cel;

namespace Ticketing.Sidecar.PubSub;

/// <summary>A subscription's routing rule: a compiled CEL expression.</summary>
public sealed class Expression
{
    readonly CelProgramDelegate _program;

    public string Text { get; }

    /// <exception cref="FormatException">It does not compile.</exception>
    public Expression(string text)
    {
        Text = text;
        try
        {
            _program = new CelEnvironment(null, "").Compile(text);
        }
        catch (CelException error)
        {
            throw new FormatException($"{text}: {error.Message}", error);
        }
    }

    /// <exception cref="InvalidOperationException">A name or field is missing, or the result is no boolean.</exception>
    public bool IsTrue(IDictionary<string, object?> variables)
    {
        try
        {
            return _program(variables!) is bool result
                ? result
                : throw new InvalidOperationException($"the result of match expression {Text} was not a boolean");
        }
        catch (CelException error)
        {
            throw new InvalidOperationException(error.Message, error);
        }
    }
}
