using System.Text.Json;
using System.Text.Json.Serialization;
using Ticketing.Common;

namespace Ticketing.Auth;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Credentials))]
[JsonSerializable(typeof(Person))]
[JsonSerializable(typeof(EraseRequest))]
[JsonSerializable(typeof(PersonalExport))]
[JsonSerializable(typeof(PasswordChange))]
[JsonSerializable(typeof(SessionViews))]
[JsonSerializable(typeof(RevokedList))]
[JsonSerializable(typeof(Document<Account>))]
[JsonSerializable(typeof(Document<Revocations>))]
sealed partial class AuthJson : JsonSerializerContext;
