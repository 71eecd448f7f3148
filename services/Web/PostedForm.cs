using System.Reflection;

namespace Ticketing.Web;

/// <summary>
/// The form that a page sent: every endpoint that wants one takes it as a parameter. One that cannot be read (no form
/// at all, no boundary, too many or too long fields, a part that breaks off) is refused with 400, one over the server's
/// limit with 413.
/// </summary>
public sealed class PostedForm(IFormCollection fields) : IBindableFromHttpContext<PostedForm>
{
    /// <summary>No form of this site has more than a dozen fields.</summary>
    public const int FieldsMax = 100;

    /// <summary>What was typed into the field; "" if it is not there. Of a field that is sent twice, the first.</summary>
    public string this[string name] => fields.TryGetValue(name, out var values) ? values[0] ?? "" : "";

    public bool Has(string name) => fields.ContainsKey(name);

    /// <exception cref="BadHttpRequestException">It cannot be read.</exception>
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
