namespace Gatehouse.Foundation.Configuration;

/// <summary>One effective setting, as <c>config print</c> shows it.</summary>
/// <param name="Key">As an environment variable.</param>
/// <param name="Value">Masked when it is a secret; empty when there is none.</param>
/// <param name="Source">Where it came from; <c>default</c> when nobody said.</param>
public sealed record SettingEntry(string Key, string Value, string Source);

/// <summary>
/// All settings, read once. With <see cref="Faults"/>, what is at fault holds its default and nothing may start.
/// </summary>
public sealed class Settings
{
    public const string Mask = "***";

    private readonly Dictionary<Type, object> options = [];
    private readonly List<SettingEntry> entries = [];
    private readonly List<SettingFault> faults = [];
    private readonly HashSet<Type> unsound = [];

    private Settings()
    {
    }

    public RuntimeEnvironment Environment { get; private set; }

    public IReadOnlyList<SettingFault> Faults => faults;

    public IReadOnlyList<SettingEntry> Entries => entries;

    /// <summary>Each options object with its type, to be registered as a singleton.</summary>
    public IReadOnlyCollection<KeyValuePair<Type, object>> Options => options;

    /// <param name="sources">From the weakest to the strongest: files, <c>.env</c>, environment, command line.</param>
    /// <param name="types">The options classes; a key that belongs to none of them is a fault.</param>
    /// <param name="modules">The names that <c>GATEHOUSE_MODULES</c> may hold.</param>
    public static Settings Load(SettingSources sources, IEnumerable<Type> types, IEnumerable<string> modules)
    {
        var settings = new Settings();
        var bound = types.Prepend(typeof(RuntimeOptions)).Distinct().ToDictionary(t => t, SettingDefinition.Of);

        var file = sources.ReadFile();
        SettingSource[] given = [sources.ReadDotEnv(), sources.ReadVariables(), sources.ReadCommandLine()];
        settings.Environment = EnvironmentOf([file, .. given]);
        var layers = new SettingLayers([file, sources.ReadFile(settings.Environment), .. given],
            [.. bound.Values.SelectMany(d => d)]);

        settings.faults.AddRange(layers.Faults);
        foreach (var (type, definitions) in bound)
        {
            settings.Bind(type, definitions, layers);
        }

        settings.JudgeModules([.. modules], layers);
        foreach (var (type, definitions) in bound)
        {
            settings.Judge(type, definitions, layers);
        }

        foreach (var (type, definitions) in bound)
        {
            settings.entries.AddRange(definitions.Select(d => settings.Entry(type, d, layers)));
        }

        return settings;
    }

    public T Get<T>()
        where T : class => Find<T>() ?? throw new InvalidOperationException($"{typeof(T)} was not loaded.");

    public T? Find<T>()
        where T : class => options.GetValueOrDefault(typeof(T)) as T;

    /// <summary>No value of this section is at fault.</summary>
    public bool IsSound<T>() => !unsound.Contains(typeof(T));

    private static RuntimeEnvironment EnvironmentOf(IEnumerable<SettingSource> sources)
    {
        var name = sources.SelectMany(s => s.Given).LastOrDefault(g =>
            g.Path.Equals(nameof(RuntimeOptions.Environment), StringComparison.OrdinalIgnoreCase))?.Value;
        return SettingKind.Of(typeof(RuntimeEnvironment)).TryRead(name ?? "", out var value)
            ? (RuntimeEnvironment)value!
            : RuntimeEnvironment.Production;
    }

    private void Bind(Type type, IReadOnlyList<SettingDefinition> definitions, SettingLayers layers)
    {
        var target = Activator.CreateInstance(type)!;
        options.Add(type, target);
        foreach (var definition in definitions)
        {
            if (layers.Find(definition) is { Value: { Length: > 0 } text } &&
                definition.Assign(target, text) is { } reason)
            {
                Add(type, layers.Fault(definition, reason));
            }
        }
    }

    private void Judge(Type type, IReadOnlyList<SettingDefinition> definitions, SettingLayers layers)
    {
        var reasons = ((options[type] as IValidatedOptions)?.Validate(Environment) ?? [])
            .Concat((options[type] as IRelatedOptions)?.Validate(this) ?? []);
        foreach (var (property, reason) in reasons)
        {
            var fault = layers.Fault(definitions.Single(d => d.Name == property), reason);
            // What could not be read at all needs no second verdict on the default in its place.
            if (!faults.Exists(f => f.Key == fault.Key))
            {
                Add(type, fault);
            }
        }
    }

    private void JudgeModules(IReadOnlyList<string> known, SettingLayers layers)
    {
        var definition = SettingDefinition.Of(typeof(RuntimeOptions))
            .Single(d => d.Name == nameof(RuntimeOptions.Modules));
        foreach (var unknown in Get<RuntimeOptions>().Modules.Where(m =>
            !m.Equals(RuntimeOptions.All, StringComparison.OrdinalIgnoreCase) &&
            !known.Contains(m, StringComparer.OrdinalIgnoreCase)))
        {
            Add(typeof(RuntimeOptions), layers.Fault(definition,
                $"there is no module {unknown}; give {RuntimeOptions.All}, or some of {string.Join(", ", known)}"));
        }
    }

    private void Add(Type type, SettingFault fault)
    {
        faults.Add(fault);
        unsound.Add(type);
    }

    private SettingEntry Entry(Type type, SettingDefinition definition, SettingLayers layers)
    {
        var value = definition.Show(options[type]);
        return new SettingEntry(definition.Variable, definition.Secret && value.Length > 0 ? Mask : value,
            layers.SourceOf(definition));
    }
}
