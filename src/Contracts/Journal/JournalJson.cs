using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Contracts.Json;

namespace Gatehouse.Contracts.Journal;

/// <summary>Source-generated JSON of the journal.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(CreateEntry))]
[JsonSerializable(typeof(UpdateEntry))]
[JsonSerializable(typeof(EntryView))]
[JsonSerializable(typeof(IAsyncEnumerable<EntryView>), TypeInfoPropertyName = "EntryStream")]
[JsonSerializable(typeof(EntryView[]), TypeInfoPropertyName = "EntryArray")]
[JsonSerializable(typeof(CreateEntries))]
[JsonSerializable(typeof(EntryResults))]
[JsonSerializable(typeof(EntryFilter))]
[JsonSerializable(typeof(ListAnswer<EntryView>), TypeInfoPropertyName = "EntryList")]
[JsonSerializable(typeof(IReadOnlyList<string>), TypeInfoPropertyName = "Tags")]
[JsonSerializable(typeof(EntryChangedEvent))]
[JsonSerializable(typeof(StatsView))]
public sealed partial class JournalJson : JsonSerializerContext;
