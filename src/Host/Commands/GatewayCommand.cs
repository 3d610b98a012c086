using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Contracts.Gateway;
using Gatehouse.Gateway;

namespace Gatehouse.Host.Commands;

/// <summary><c>gatehouse gateway check</c> and <c>schema</c>, and the hidden <c>reference</c>.</summary>
internal static class GatewayCommand
{
    private const string Text = "text";
    private const string Json = "json";

    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "The gateway's file, YAML or JSON." };
        var format = new Option<string>("--format")
        {
            Description = "How faults are told: text, or json for programs.",
            DefaultValueFactory = _ => Text,
        };
        format.AcceptOnlyFromAmong(Text, Json);
        var withoutValues = new Option<bool>("--without-values")
        {
            Description = "Look only at the form of ${env:…} and ${file:…}: for machines that have no secrets.",
        };
        var check = new Command(
            "check",
            "Name all faults of a file at once, each with its line, column and rule. Exits 1 when there is one.")
        {
            file, format, withoutValues,
        };
        check.SetAction(line => Check(
            line.GetValue(file)!, line.GetValue(format) == Json, !line.GetValue(withoutValues)));

        var schema = new Command("schema", "Print a JSON Schema of the file, for editors.");
        schema.SetAction(_ => Console.Write(GatewayModule.Files.Schema));

        var reference = new Command("reference", "Print docs/gateway-configuration.md.") { Hidden = true };
        reference.SetAction(_ => Console.Write(GatewayModule.Files.Reference));

        return new Command("gateway", "Look after the gateway's file.") { check, schema, reference };
    }

    private static int Check(string file, bool isJson, bool withValues)
    {
        var report = GatewayModule.Files.Check(file, withValues);
        if (isJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(report, GatewayReportJson.Default.GatewayFileReport));
        }
        else
        {
            Console.WriteLine(report.Faults.Count == 0
                ? $"{file}: all is well, {Count(report.Routes, "route")}, {Count(report.Clusters, "cluster")}."
                : report.ToText());
        }

        return report.Faults.Count == 0 ? CommandRun.Fine : CommandRun.Failed;
    }

    private static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";
}

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GatewayFileReport))]
internal sealed partial class GatewayReportJson : JsonSerializerContext;
