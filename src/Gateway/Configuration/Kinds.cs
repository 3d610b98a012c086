using System.Globalization;
using System.Text.Json.Nodes;
using Gatehouse.Foundation.Configuration;
using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Configuration;

/// <summary>The single values that there are.</summary>
internal static class Kinds
{
    // RFC 9110, 5.6.2.
    private const string TokenMarks = "!#$%&'*+-.^_`|~";
    private const int TextMax = 4_096;

    public static Kind<bool> Flag() => new ScalarKind<bool>(
        "true or false",
        Rules.WrongType,
        text => text switch
        {
            "true" => true,
            "false" => false,
            _ => new ScalarFault("{0} where true or false is wanted"),
        },
        () => new JsonObject { ["type"] = "boolean" })
    {
        IsPlainOnly = true,
    };

    public static Kind<int> Whole(int min, int max) => new ScalarKind<int>(
        $"whole number, {min} to {max}",
        Rules.OutOfRange,
        text =>
        {
            var isNumber = long.TryParse(text, NumberStyles.AllowLeadingSign, Invariant, out var number);
            return !isNumber ? new ScalarFault("{0} where a whole number is wanted", Rule: Rules.WrongType)
                : number < min || number > max ? new ScalarFault($"{{0}} is not {min} to {max}")
                : (int)number;
        },
        () => new JsonObject { ["type"] = "integer", ["minimum"] = min, ["maximum"] = max })
    {
        IsPlainOnly = true,
    };

    public static Kind<TimeSpan> Duration(string min, string max)
    {
        var (least, most) = (Amounts.Duration(min)!.Value, Amounts.Duration(max)!.Value);
        return new ScalarKind<TimeSpan>(
            $"duration, {min} to {max}",
            Rules.BadDuration,
            text => Amounts.Duration(text) is not { } time
                    ? new ScalarFault("{0} is no duration", "write a number with its unit: 250ms, 5s, 2m, 1h")
                : time < least || time > most
                    ? new ScalarFault($"{{0}} is not {min} to {max}", Rule: Rules.OutOfRange)
                : time,
            () => new JsonObject { ["type"] = "string", ["pattern"] = "^[0-9]{1,9}(ms|s|m|h)$" });
    }

    public static Kind<long> Size(string min, string max)
    {
        var (least, most) = (Amounts.Size(min)!.Value, Amounts.Size(max)!.Value);
        return new ScalarKind<long>(
            $"size, {min} to {max}",
            Rules.BadSize,
            text => Amounts.Size(text) is not { } size
                    ? new ScalarFault("{0} is no size", "write a number with its unit: 512B, 64KiB, 1MiB, 2GiB")
                : size < least || size > most
                    ? new ScalarFault($"{{0}} is not {min} to {max}", Rule: Rules.OutOfRange)
                : size,
            () => new JsonObject { ["type"] = "string", ["pattern"] = "^[0-9]{1,12}(B|KiB|MiB|GiB)$" });
    }

    public static Kind<T> Choice<T>(params (string Word, T Value)[] choices) => new ScalarKind<T>(
        string.Join(", ", choices.Select(choice => $"`{choice.Word}`")),
        Rules.NotAChoice,
        text =>
        {
            foreach (var (word, value) in choices)
            {
                if (word == text)
                {
                    return value;
                }
            }

            var words = choices.Select(choice => choice.Word).ToList();
            var nearest = Spelling.Nearest(text, words);
            return new ScalarFault(
                $"{{0}} is none of {string.Join(", ", words)}", nearest is null ? null : $"did you mean {nearest}?");
        },
        () => new JsonObject
        {
            ["enum"] = new JsonArray([.. choices.Select(choice => JsonValue.Create(choice.Word))]),
        });

    /// <summary>Of answers; written as numbers.</summary>
    public static Kind<int> Status(params int[] statuses) => new ScalarKind<int>(
        "status, one of " + string.Join(", ", statuses),
        Rules.NotAChoice,
        text => int.TryParse(text, NumberStyles.None, Invariant, out var status) && statuses.Contains(status)
            ? status
            : new ScalarFault($"{{0}} is none of {string.Join(", ", statuses)}"),
        () => new JsonObject { ["enum"] = new JsonArray([.. statuses.Select(status => JsonValue.Create(status))]) })
    {
        IsPlainOnly = true,
    };

    public static Kind<HostPattern> Host() => new ScalarKind<HostPattern>(
        "host",
        Rules.BadHost,
        text => HostPattern.Parse(text, out var fault) is { } host
            ? host
            : new ScalarFault(fault!),
        () => new JsonObject { ["type"] = "string", ["maxLength"] = HostPattern.CharactersMax + 2 });

    public static Kind<PathPattern> Path() => new ScalarKind<PathPattern>(
        "path pattern",
        Rules.BadPath,
        text => PathPattern.Parse(text, out var fault) is { } path
            ? path
            : new ScalarFault(fault!.Value.Reason, At: fault.Value.At),
        () => new JsonObject { ["type"] = "string", ["pattern"] = "^/", ["maxLength"] = PathPattern.CharactersMax });

    public static Kind<string> Method() => new ScalarKind<string>(
        "method",
        Rules.BadMethod,
        text => text.Length > 20 || !text.All(IsToken) ? new ScalarFault("{0} is no method")
            : text.Any(char.IsAsciiLetterLower)
                ? new ScalarFault("{0} is no method", $"write {text.ToUpperInvariant()}")
            : text is "CONNECT" or "TRACE" ? new ScalarFault("{0} is not forwarded")
            : text,
        () => new JsonObject { ["type"] = "string", ["pattern"] = "^[A-Z0-9-]{1,20}$" });

    public static Kind<string> HeaderName() => new ScalarKind<string>(
        "name of a header",
        Rules.BadHeaderName,
        text => IsHeaderName(text) ? text : new ScalarFault("{0} is no name of a header"),
        () => new JsonObject { ["type"] = "string", ["maxLength"] = 100 });

    public static bool IsHeaderName(string text) => text.Length is > 0 and <= 100 && text.All(IsToken);

    /// <summary>Of a header, with placeholders.</summary>
    public static Kind<string> HeaderValue() => new ScalarKind<string>(
        "text",
        Rules.BadText,
        text => text.Length > TextMax ? new ScalarFault($"a value has {TextMax} characters at most")
            : text.Any(c => c is < ' ' or > '~') ? new ScalarFault("a header's value is printable ASCII")
            : text.Trim(' ').Length != text.Length ? new ScalarFault("a header's value has no spaces at its ends")
            : text,
        () => new JsonObject { ["type"] = "string", ["maxLength"] = TextMax })
    {
        TakesPlaceholders = true,
    };

    public static Kind<string> Text(string label, int charactersMax, Func<char, bool>? takes = null) =>
        new ScalarKind<string>(
            label,
            Rules.BadText,
            text => text.Length == 0 || text.Length > charactersMax
                    ? new ScalarFault($"1 to {charactersMax} characters are wanted")
                : takes is not null && !text.All(takes) ? new ScalarFault($"{{0}} is no {label}")
                : text,
            () => new JsonObject { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = charactersMax });

    public static bool IsToken(char c) =>
        char.IsAsciiLetterOrDigit(c) || TokenMarks.Contains(c, StringComparison.Ordinal);

    private static CultureInfo Invariant => CultureInfo.InvariantCulture;
}
