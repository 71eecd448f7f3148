using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ticketing.Orders;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, NumberHandling = JsonNumberHandling.Strict,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Document<Book>))]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(PurchaseList))]
[JsonSerializable(typeof(PurchasePage))]
[JsonSerializable(typeof(PlaceOrder))]
[JsonSerializable(typeof(OrderView))]
[JsonSerializable(typeof(OrderPage))]
[JsonSerializable(typeof(TimelineView))]
[JsonSerializable(typeof(PersonalOrder))]
[JsonSerializable(typeof(AskRefund))]
[JsonSerializable(typeof(GiveRefund))]
[JsonSerializable(typeof(RefundRequestList))]
sealed partial class OrdersJson : JsonSerializerContext;
