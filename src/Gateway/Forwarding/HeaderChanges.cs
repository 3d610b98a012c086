using Gatehouse.Gateway.Domain;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Gateway.Forwarding;

/// <summary>What a route sets, appends and removes.</summary>
internal static class HeaderChanges
{
    public static void Apply(IReadOnlyList<HeaderChange> changes, HttpRequestMessage request)
    {
        for (var i = 0; i < changes.Count; i++)
        {
            var (action, name, value) = changes[i];
            if (action != HeaderAction.Append)
            {
                Remove(request, name);
            }

            if (action != HeaderAction.Remove && !request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }
    }

    public static void Apply(IReadOnlyList<HeaderChange> changes, IHeaderDictionary headers)
    {
        for (var i = 0; i < changes.Count; i++)
        {
            var (action, name, value) = changes[i];
            switch (action)
            {
                case HeaderAction.Set:
                    headers[name] = value;
                    break;
                case HeaderAction.Append:
                    headers.Append(name, value);
                    break;
                default:
                    headers.Remove(name);
                    break;
            }
        }
    }

    private static void Remove(HttpRequestMessage request, string name)
    {
        // Asked of the wrong one of the two, a collection throws.
        if (request.Headers.NonValidated.Contains(name))
        {
            request.Headers.Remove(name);
        }
        else if (request.Content is { } content && content.Headers.NonValidated.Contains(name))
        {
            content.Headers.Remove(name);
        }
    }
}
