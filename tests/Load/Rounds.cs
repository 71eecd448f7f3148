using System.Globalization;

namespace Ticketing.Load;

/// <summary>The same thing measured several times: a figure without its range says little on a busy machine.</summary>
sealed class Rounds
{
    readonly List<double> _all = [];

    public void Add(double figure) => _all.Add(figure);

    public double Median => _all.Order().ElementAt(_all.Count / 2);

    public IReadOnlyList<double> All => _all;

    /// <summary>Each divided by its counterpart of the same round.</summary>
    public Rounds Over(Rounds other)
    {
        var ratios = new Rounds();
        foreach (var (own, its) in _all.Zip(other._all)) ratios.Add(own / its);
        return ratios;
    }

    /// <param name="format">Of one figure, such as <c>0.0</c>.</param>
    /// <returns>Median and range: <c>27 (25–29)</c>.</returns>
    public string Text(string format) =>
        $"{Text(Median, format)} ({Text(_all.Min(), format)}–{Text(_all.Max(), format)})";

    static string Text(double figure, string format) => figure.ToString(format, CultureInfo.InvariantCulture);
}
