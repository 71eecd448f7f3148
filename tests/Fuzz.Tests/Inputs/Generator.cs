using System.Text.Json;
using Microsoft.AspNetCore.Routing.Patterns;
using Ticketing.Testing;

namespace Ticketing.Fuzz.Tests;

/// <summary>Makes input number n of a suite: a route's valid example with random mutations.</summary>
static class Generator
{
    const int GoodPercent = 12;

    public static FuzzInput Of(Suite suite, FuzzSettings settings, int index)
    {
        var random = settings.RandomOf(suite.Name, index);
        // One route after the other; the first round sends the valid examples. Routes with more inputs come three
        // times.
        var route = suite.Turns[index % suite.Turns.Count];
        var draft = Example(suite, route, random);
        var isGood = index < suite.Turns.Count || random.Chance(GoodPercent);
        if (!isGood)
        {
            for (var left = random.Of([1, 1, 1, 2, 2, 3]); left > 0; left--)
                Change(draft, random);
        }
        var request = draft.ToRequest();
        return new(index, route, request, isGood, draft.IsBrokenHttp, string.Join(", ", draft.Changes));
    }

    static RequestDraft Example(Suite suite, FuzzRoute route, Random random)
    {
        var number = suite.NumberFor(route, random);
        var samples = new Samples(suite, number);
        var draft = new RequestDraft(route);
        foreach (var segment in route.Pattern.PathSegments)
        {
            if (segment.Parts.Any(part => part.IsParameter))
                draft.Filled.Add(draft.Path.Count);
            draft.Path.Add(string.Concat(segment.Parts.Select(part => part switch
            {
                RoutePatternParameterPart parameter => Value(route, parameter, suite, samples, number),
                RoutePatternLiteralPart literal => literal.Content,
                _ => ".",
            })));
        }
        foreach (var parameter in route.QueryParameters.Where(_ => random.Chance(50) || !route.IsSafe))
            if (samples.Text(parameter.Name!) is not "some" and var value && parameter.Name != "after")
                draft.Query.Add((parameter.Name!, value));
        if (route.Parameters.Any(parameter => parameter.ParameterType == typeof(string[])) && draft.Query.Count == 0)
            draft.Query.Add(("of", samples.Text("of")));
        foreach (var header in route.HeaderParameters.Where(_ => random.Chance(50)))
            draft.Set(header, samples.Text(header));
        if (route.IsGuarded)
            draft.Set("dapr-api-token", ServiceHost.AppToken);
        else
            draft.Set("Authorization", $"Bearer {{token:{suite.UserOf(route, number)}:s{random.Next(suite.Sessions)}}}");
        if (suite.IsForBrowsers && random.Chance(80))
            draft.Set("Accept", "text/html");
        Body(draft, suite, samples, number);
        suite.Complete(draft, number);
        return draft;
    }

    static string Value(
        FuzzRoute route, RoutePatternParameterPart parameter, Suite suite, Samples samples, int number) =>
        parameter.ParameterPolicies.Any(policy => policy.Content == "orderId") ? suite.Order(number)
        : route.Text.Contains("dead-letters", StringComparison.Ordinal) ? Suite.Letter
        : samples.Text(parameter.Name);

    static void Body(RequestDraft draft, Suite suite, Samples samples, int number)
    {
        var route = draft.Route;
        if (route.Body is { } type)
        {
            draft.Json = samples.Of(type, suite.Json);
            draft.ContentType = route.Topic is null ? "application/json" : "application/cloudevents+json";
        }
        else if (route.Topic is { } topic)
        {
            draft.Json = Node.Of(JsonElement.Parse($$"""
                {"specversion":"1.0","id":"{{topic}}:{{number}}","type":"ticket.listed","source":"test","topic":"{{topic}}",
                 "pubsubname":"pubsub", "subject":"{{suite.Ticket(number)}}", "datacontenttype":"application/json",
                 "data":{"id":1} }
                """));
            draft.ContentType = "application/cloudevents+json";
        }
        else if (suite.IsForBrowsers && !route.IsSafe && !route.IsGuarded)
        {
            draft.Form = [.. suite.FormFields.Select(name => (name, samples.Text(name)))];
            draft.ContentType = "application/x-www-form-urlencoded";
        }
    }

    static void Change(RequestDraft draft, Random random)
    {
        var hasBody = draft.Json is not null || draft.Form is not null || draft.Body is not null;
        switch (random.Next(hasBody ? 20 : 11))
        {
            case < 4:
                TargetMutations.Mutate(draft, random);
                break;
            case < 8:
                HeaderMutations.Mutate(draft, random);
                break;
            case 8:
                FramingMutations.Method(draft, random);
                break;
            case 9 when hasBody || random.Chance(30):
                FramingMutations.Mutate(draft, random);
                break;
            case 9 or 10:
                HeaderMutations.Mutate(draft, random);
                break;
            default:
                Content(draft, random);
                break;
        }
    }

    static void Content(RequestDraft draft, Random random)
    {
        if (draft.Json is { } json)
        {
            (draft.Body, draft.Json) = (JsonMutations.Mutate(json, random), null);
            draft.Changes.Add("json");
        }
        else if (draft.Form is { } form)
        {
            ((draft.Body, draft.ContentType), draft.Form) = (FormMutations.Mutate(form, random), null);
            draft.Changes.Add("form");
        }
        else if (draft.Body is { } body)
        {
            draft.Body = JsonMutations.Bytes(body, random);
            draft.Changes.Add("bytes");
        }
    }
}
