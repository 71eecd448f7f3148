using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ticketing.StripeServer;

/// <param name="Browser">Made with the publishable key: it needs the client secret of the intent.</param>
/// <param name="BaseUrl">This server's address as the caller used it, for links to its pages.</param>
sealed record Call(Form Form, string ApiVersion, EventRequest Request, bool Browser, string BaseUrl)
{
    public bool MayTouch(PaymentIntent intent) => !Browser || Form.Text("client_secret") == intent.ClientSecret;
}

/// <param name="IsStored">Execution began, so this reply is stored under the idempotency key, even an error.</param>
sealed record Reply(int Status, JsonNode Body, bool IsStored = true)
{
    public static readonly Error Broken = new("api_error", "An unknown error occurred.") { Status = 500 };

    public static implicit operator Reply(JsonNode body) => new(200, body);

    public static implicit operator Reply(Error error) => new(
        error.Status, JsonSerializer.SerializeToNode(new ErrorBody(error), StripeJson.Default.ErrorBody)!,
        !error.BeforeExecution);
}
