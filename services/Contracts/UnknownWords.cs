using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Ticketing.Contracts;

/// <summary>The words of one enum that this process has read and does not know.</summary>
static class UnknownWords<T> where T : struct, Enum
{
    /// <summary>They stay in memory as long as the process.</summary>
    const int WordsMax = 100, LengthMax = 60;
    /// <summary>Above the values that an enum may yet get.</summary>
    const int FirstValue = 1_000_000;

    static readonly Lock gate = new();
    static readonly List<string> words = [];

    public static T Read(string word)
    {
        lock (gate)
        {
            var index = words.IndexOf(word);
            if (index < 0)
            {
                if (words.Count == WordsMax || word.Length > LengthMax)
                    throw new JsonException($"Not a word of {typeof(T).Name}.");
                index = words.Count;
                words.Add(word);
            }
            UnknownWords.AnyRead = true;
            return (T)Enum.ToObject(typeof(T), FirstValue + index);
        }
    }

    public static string WordOf(T value)
    {
        var index = Convert.ToInt32(value, null) - FirstValue;
        lock (gate)
            return index >= 0 && index < words.Count
                ? words[index] : throw new JsonException($"{value} has no word in {typeof(T).Name}.");
    }
}

/// <summary>Finds words of a newer build in what was read.</summary>
public static class UnknownWords
{
    // Nearly always false: then nothing is searched.
    internal static volatile bool AnyRead;

    /// <summary>True if it is, or has in it, an enum value without a name.</summary>
    /// <param name="type">How the value is written.</param>
    public static bool AreIn(object? value, JsonTypeInfo type) => AnyRead && Search(value, type);

    static bool Search(object? value, JsonTypeInfo type)
    {
        if (value is null)
            return false;
        if (value is Enum word)
            return !Enum.IsDefined(word.GetType(), word);
        return type.Kind switch
        {
            JsonTypeInfoKind.Object => type.Properties.Any(member => member is { Get: { } get, IsExtensionData: false }
                && Search(get(value), type.Options.GetTypeInfo(member.PropertyType))),
            JsonTypeInfoKind.Enumerable => Items(value)
                .Any(item => Search(item, type.Options.GetTypeInfo(type.ElementType!))),
            _ => false,
        };
    }

    static IEnumerable<object?> Items(object list)
    {
        try
        {
            return [.. ((IEnumerable)list).Cast<object?>()];
        }
        catch (InvalidOperationException)
        {
            return [];   // an ImmutableArray that was never set
        }
    }
}
