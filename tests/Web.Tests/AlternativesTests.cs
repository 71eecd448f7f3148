using Ticketing.Web.Api;

namespace Ticketing.Web.Tests;

public class AlternativesTests
{
    [Fact]
    public void The_same_show_comes_first_then_the_same_place_then_the_nearest_price()
    {
        var wanted = Ticket("wanted", "Hamlet", "Globe", 5000);
        TicketDto[] others =
        [
            wanted, Ticket("far", "Opera", "Met", 9000), Ticket("near", "Opera", "Met", 5100),
            Ticket("place", "Macbeth", "Globe", 9900), Ticket("show", "HAMLET", "Elsewhere", 30000),
            Ticket("farther", "Opera", "Met", 90_000), Ticket("near", "Opera", "Met", 5100),
        ];
        Assert.Equal(["show", "place", "near", "far"], Alternatives.To(wanted, others).Select(ticket => ticket.Id));
    }

    static TicketDto Ticket(string id, string title, string venue, long price) =>
        new(id, title, price, "usd", "seller", "open", 1, venue);
}
