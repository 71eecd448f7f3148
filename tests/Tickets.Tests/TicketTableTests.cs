using System.Globalization;
using Ticketing.Contracts;

namespace Ticketing.Tickets.Tests;

/// <summary>Every status meets every message: a dot leaves the ticket as it was, "!" is a refusal.</summary>
public class TicketTableTests
{
    const string Orders = """
        ticket    order | Created     | AwaitingPayment | Complete    | Cancelled   | Refunding   | Refunded
        absent    1     | .           | .               | .           | .           | .           | .
        open      1     | locked 1    | locked 1        | sold 1      | ended 1     | sold 1      | ended 1
        open      3     | locked 3    | locked 3        | sold 3      | ended 3     | sold 3      | ended 3
        locked    1     | .           | .               | .           | .           | .           | .
        locked    2     | .           | .               | sold 2      | ended 2     | sold 2      | ended 2
        locked    3     | locked 3    | locked 3        | sold 3      | ended 3     | sold 3      | ended 3
        refused   1     | .           | .               | .           | .           | .           | .
        refused   2     | .           | .               | sold 2      | ended 2     | sold 2      | ended 2
        refused   3     | locked 3    | locked 3        | sold 3      | ended 3     | sold 3      | ended 3
        ended     1     | .           | .               | .           | .           | .           | .
        ended     2     | .           | .               | .           | .           | .           | .
        ended     3     | locked 3    | locked 3        | sold 3      | ended 3     | sold 3      | ended 3
        sold      1     | .           | .               | .           | .           | .           | .
        sold      2     | .           | .               | .           | ended 2     | .           | ended 2
        sold      3     | locked 3    | locked 3        | sold 3      | ended 3     | sold 3      | ended 3
        withdrawn 1     | .           | .               | .           | .           | .           | .
        withdrawn 2     | .           | .               | .           | .           | .           | .
        withdrawn 3     | refused 3   | refused 3       | sold 3      | withdrawn 3 | sold 3      | withdrawn 3
        """;

    public static TheoryData<string, int, OrderStatus, string> OrderCells()
    {
        var cells = new TheoryData<string, int, OrderStatus, string>();
        foreach (var (row, column, cell) in Cells(Orders))
            cells.Add(row[0], int.Parse(row[1], CultureInfo.InvariantCulture), Enum.Parse<OrderStatus>(column), cell);
        return cells;
    }

    [Theory, MemberData(nameof(OrderCells))]
    public void Every_message_of_orders_meets_every_status(string status, int seq, OrderStatus order, string expected)
    {
        var before = Some.In(status);
        var decision = before.Apply(Some.Order(seq, order), Some.Noon);
        var after = decision.State!;

        Assert.Equal(expected == "." ? before.Describe() : expected, after.Describe());
        Assert.Empty(decision.Answers);
        if (expected == ".")
        {
            Assert.Same(before, after);
            Assert.False(decision.Changed);
            return;
        }
        Assert.Equal(before with
        {
            Version = before.Version + 1,
            Lock = after.Lock,
            SoldTo = after.SoldTo,
            BookVersion = after.BookVersion
        }, after);
        Assert.Equal(Math.Max(before.BookVersion, Some.Order(seq, order).BookVersion), after.BookVersion);
        Assert.Equal($"tickets:t1:{after.Version}", Assert.Single(decision.Events).Id);
        Assert.Same(after, after.Apply(Some.Order(seq, order), Some.Noon).State);
    }

    [Theory, MemberData(nameof(OrderCells))]
    public void Whoever_says_it_again_is_answered_by_a_change_or_by_what_is_known(
        string status, int seq, OrderStatus order, string expected)
    {
        var before = Some.In(status);
        var decision = before.Apply(Some.Order(seq, order) with { Again = true }, Some.Noon);

        Assert.Equal(before.Apply(Some.Order(seq, order), Some.Noon).State, decision.State);
        if (status == "absent")
            Assert.Empty(decision.Answers);
        else if (expected == ".")
            AssertAnswers(before, decision);
        else
            Assert.Empty(decision.Answers);
    }

    static void AssertAnswers(Ticket ticket, Decision<Ticket> decision)
    {
        var answer = Assert.Single(decision.Answers);
        Assert.Equal($"tickets:t1:{ticket.Version}", answer.Id);
        Assert.False(answer.Data.TryGetProperty("again", out var again) && again.GetBoolean());
    }

    const string Commands = """
        ticket                 | absent   | open      | locked    | refused   | ended       | sold      | withdrawn
        list                   | open     | .         | .         | .         | .           | .         | .
        list by another        | open     | !reused   | !reused   | !reused   | !reused     | !reused   | !reused
        list something else    | open     | !reused   | !reused   | !reused   | !reused     | !reused   | !reused
        edit                   | !unknown | open      | !locked   | refused 2 | ended 2     | !sold     | !withdrawn
        edit to the same       | !unknown | .         | !locked   | .         | .           | !sold     | !withdrawn
        edit what is stale     | !unknown | !stale    | !locked   | !stale    | !stale      | !sold     | !withdrawn
        edit by a stranger     | !unknown | !stranger | !stranger | !stranger | !stranger   | !stranger | !stranger
        withdraw               | !unknown | withdrawn | !locked   | refused 2 | withdrawn 2 | !sold     | .
        withdraw by a stranger | !unknown | !stranger | !stranger | !stranger | !stranger   | !stranger | !stranger
        """;

    public static TheoryData<string, string, string> CommandCells()
    {
        var cells = new TheoryData<string, string, string>();
        foreach (var (row, column, cell) in Cells(Commands))
            cells.Add(column, string.Join(' ', row), cell);
        return cells;
    }

    [Theory, MemberData(nameof(CommandCells))]
    public void Every_command_of_a_seller_meets_every_status(string status, string command, string expected)
    {
        var before = Some.In(status);
        var decision = Do(command, before);

        if (expected.StartsWith('!'))
        {
            Assert.Equal(Refusal(expected), decision.Refusal?.Code);
            Assert.Null(decision.State);
        }
        else if (expected == ".")
            Assert.Same(before, decision.State);
        else
        {
            Assert.Equal(expected, decision.State!.Describe());
            Assert.Equal(command == "withdraw", decision.State!.Withdrawn);
            Assert.Equal($"tickets:t1:{before.Version + 1}", Assert.Single(decision.Events).Id);
        }
        Assert.Equal(expected[0] is not ('!' or '.'), decision.Changed);
    }

    static string Refusal(string cell) => cell switch
    {
        "!unknown" => "ticket-not-found",
        "!reused" => "idempotency-key-reused",
        "!stranger" => "not-the-seller",
        "!stale" => "stale-version",
        _ => "ticket-" + cell[1..],
    };

    static Decision<Ticket> Do(string command, Ticket ticket) => command switch
    {
        "list" => ticket.List(Some.Seller, Some.Terms, "digest", Some.Noon),
        "list by another" => ticket.List(Some.Stranger, Some.Terms, "digest", Some.Noon),
        "list something else" => ticket.List(Some.Seller, Some.OtherTerms, "other digest", Some.Noon),
        "edit" => ticket.Edit(Some.Seller, Some.OtherTerms, expected: [ticket.Version]),
        "edit to the same" => ticket.Edit(Some.Seller, Some.Terms, expected: [ticket.Version - 1]),
        "edit what is stale" => ticket.Edit(Some.Seller, Some.OtherTerms, expected: [ticket.Version - 1]),
        "edit by a stranger" => ticket.Edit(Some.Stranger, Some.OtherTerms, expected: null),
        "withdraw" => ticket.Withdraw(Some.Seller),
        "withdraw by a stranger" => ticket.Withdraw(Some.Stranger),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, null),
    };

    static IEnumerable<(string[] Row, string Column, string Cell)> Cells(string table)
    {
        var lines = table.Split('\n').Select(line => line.Split('|', StringSplitOptions.TrimEntries)).ToList();
        return from line in lines.Skip(1)
               from column in Enumerable.Range(1, line.Length - 1)
               select (line[0].Split(' ', StringSplitOptions.RemoveEmptyEntries), lines[0][column], line[column]);
    }
}
