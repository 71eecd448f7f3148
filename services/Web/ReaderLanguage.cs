namespace Ticketing.Web;

/// <summary>The language of the person who reads the page, from <c>Accept-Language</c>: prices are written in it.</summary>
public sealed class ReaderLanguage(IHttpContextAccessor context)
{
    public NumberStyle Style { get; } = Of(context.HttpContext?.Request);

    /// <inheritdoc cref="NumberStyle.Money"/>
    public string Money(long minor, string currency) => Style.Money(minor, currency);

    static NumberStyle Of(HttpRequest? request) => NumberStyle.Of(
        request?.GetTypedHeaders().AcceptLanguage?.Where(one => one.Quality is not 0)
            .OrderByDescending(one => one.Quality ?? 1).Select(one => one.Value.ToString()) ?? []);
}
