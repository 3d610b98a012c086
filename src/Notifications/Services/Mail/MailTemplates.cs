using System.Globalization;
using System.Reflection;

namespace Gatehouse.Notifications.Services.Mail;

/// <summary>
/// The templates this program carries: a folder a language below <c>Templates</c>, a file a mail. A language that lacks
/// one falls back to English, each mail by itself, and never in the middle of a mail.
/// </summary>
internal sealed class MailTemplates
{
    public const string Fallback = "en";
    private const string Folder = "Templates/";
    private const string Footer = "footer";

    private readonly Dictionary<(string Language, string Name), MailTemplate> all = [];

    public MailTemplates()
    {
        var assembly = typeof(MailTemplates).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames())
        {
            if (resource.Replace('\\', '/').Split('/') is [_, var language, var name] &&
                resource.StartsWith(Folder, StringComparison.Ordinal))
            {
                all[(language, name)] = MailTemplate.Parse(name, Read(assembly, resource));
            }
        }
    }

    /// <summary>The mails there are, by name.</summary>
    public IReadOnlyList<string> Names =>
        [.. all.Keys.Select(key => key.Name).Where(name => name != Footer).Distinct().Order(StringComparer.Ordinal)];

    public IReadOnlyList<string> Languages(string name) =>
        [.. all.Keys.Where(key => key.Name == name).Select(key => key.Language).Order(StringComparer.Ordinal)];

    /// <summary>
    /// The template in that language, in the language without its region, or in English; with the footer of the
    /// language it is in.
    /// </summary>
    public LocalTemplate Find(string name, string? language)
    {
        foreach (var candidate in Candidates(language))
        {
            if (all.TryGetValue((candidate, name), out var template))
            {
                var footer = all.GetValueOrDefault((candidate, Footer)) ?? all[(Fallback, Footer)];
                return new LocalTemplate(candidate, template, footer);
            }
        }

        throw new ArgumentException($"There is no template {name}.", nameof(name));
    }

    public bool Has(string name) => all.ContainsKey((Fallback, name)) && name != Footer;

    private static IEnumerable<string> Candidates(string? language)
    {
        if (language is { Length: > 0 and <= 35 })
        {
            yield return language.ToLowerInvariant();
            yield return language.Split('-')[0].ToLowerInvariant();
        }

        yield return Fallback;
    }

    private static string Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}

/// <summary>A template with the language it is in.</summary>
internal sealed record LocalTemplate(string Language, MailTemplate Template, MailTemplate Footer)
{
    public CultureInfo Culture => CultureInfo.GetCultureInfo(Language);
}
