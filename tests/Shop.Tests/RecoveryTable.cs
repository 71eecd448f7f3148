using System.Collections.Concurrent;
using System.Globalization;

[assembly: AssemblyFixture(typeof(Ticketing.Shop.Tests.RecoveryTable))]

namespace Ticketing.Shop.Tests;

/// <summary>
/// How long a purchase does not work after an accident, and that it is not too long. With <c>UPDATE_DOCS=1</c> it is
/// written into <c>docs/performance.md</c>, if every accident has happened.
/// </summary>
public sealed class RecoveryTable : IDisposable
{
    public const string Service = "a service's only process", Replica = "one of two of a service, each in turn";

    static readonly string[] Accidents = [Service, Replica, "RabbitMQ", "PostgreSQL", "Redis"];

    readonly ConcurrentDictionary<string, ConcurrentBag<TimeSpan>> _took = new();

    /// <param name="accident">What was killed.</param>
    /// <param name="took">The time until a whole purchase worked again.</param>
    internal void Add(string accident, TimeSpan took)
    {
        _took.GetOrAdd(accident, _ => []).Add(took);
        Assert.True(took < KillableShop.BackWithin, $"{accident}: back after {took.TotalSeconds:0.0} s.");
    }

    public void Dispose()
    {
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1" && Accidents.All(_took.ContainsKey))
            MeasuredPage.Write("recovery", Markdown());
    }

    string Markdown() => string.Join('\n',
    [
        "| killed with -9 in mid-traffic | a purchase works again after |",
        "| --- | --- |",
        .. Accidents.Select(accident => $"| {accident} | {Range(_took[accident])} |"),
    ]);

    static string Range(ConcurrentBag<TimeSpan> took)
    {
        var (least, most) = (took.Min().TotalSeconds, took.Max().TotalSeconds);
        return took.Count == 1
            ? string.Create(CultureInfo.InvariantCulture, $"{most:0.0} s")
            : string.Create(CultureInfo.InvariantCulture, $"{least:0.0} to {most:0.0} s");
    }
}
