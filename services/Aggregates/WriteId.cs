namespace Ticketing.Aggregates;

/// <summary>Names one attempt to save. After a lost reply, a writer looks for it in the document.</summary>
static class WriteId
{
    public static string New(Random random)
    {
        Span<byte> bytes = stackalloc byte[10];
        random.NextBytes(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
