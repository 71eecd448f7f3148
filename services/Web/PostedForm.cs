using System.Reflection;

namespace Ticketing.Web;

/// <summary>
/// A form that a page posted, for endpoints to take as a parameter. If it cannot be read (not a form, no boundary, too
/// many or too long fields, an incomplete part) the response is 400; over the server's size limit it is 413.
/// </summary>
public sealed class PostedForm(IFormCollection fields) : IBindableFromHttpContext<PostedForm>
{
    /// <summary>No form of this site has more than a dozen fields.</summary>
    public const int FieldsMax = 100;

    /// <summary>The value of a field, the first if it was sent twice; "" if it is missing.</summary>
    public string this[string name] => fields.TryGetValue(name, out var values) ? values[0] ?? "" : "";

    public bool Has(string name) => fields.ContainsKey(name);

    /// <exception cref="BadHttpRequestException">The body is not a readable form.</exception>
    public static async ValueTask<PostedForm?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var request = context.Request;
        if (!request.HasFormContentType)
            throw new BadHttpRequestException("This is no form.");
        try
        {
            return new(await request.ReadFormAsync(context.RequestAborted));
        }
        catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException   // utf-7
            && e is not BadHttpRequestException && !context.RequestAborted.IsCancellationRequested)
        {
            throw new BadHttpRequestException("The form cannot be read.", e);
        }
    }
}
