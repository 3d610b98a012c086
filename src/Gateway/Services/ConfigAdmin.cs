using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Foundation.Audit;
using Gatehouse.Foundation.Telemetry;
using Gatehouse.Gateway.Configuration;
using Gatehouse.Kernel;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Gateway.Services;

/// <summary>
/// Reads and changes the file for administrators. The file stays the one source: a change is written there, and
/// answered when it is in force. Who did it is in the program's log, and in the audit log where there is a database.
/// </summary>
internal sealed partial class ConfigAdmin(ConfigService config, AdminAudit audit, ILogger<ConfigAdmin> log)
{
    private const int AuditedPathsMax = 100;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    /// <summary>Placeholders are in it and no values; a secret itself the file may not hold.</summary>
    public Result<ConfigView> Read() => config.State is { Revision: > 0 } state
        ? ViewOf(state)
        : Problem.NotFound("file of the gateway");

    public Task<Result<ConfigChange>> Put(
        byte[] content, string? expected, bool isDryRun, CancellationToken cancellation) =>
        Change(content, expected, isDryRun, cancellation);

    /// <param name="patch">RFC 7396.</param>
    public async Task<Result<ConfigChange>> Patch(
        byte[] patch, string? expected, bool isDryRun, CancellationToken cancellation)
    {
        JsonNode? changes;
        try
        {
            changes = JsonNode.Parse(patch, documentOptions: Strict);
        }
        catch (JsonException failure)
        {
            return new Problem(
                ProblemCodes.MalformedJson,
                $"Line {failure.LineNumber + 1}, byte {failure.BytePositionInLine + 1}: this is no JSON.");
        }

        var state = config.State;
        var merged = DocumentJson.Merge(state.Document is null ? null : DocumentJson.Of(state.Document), changes);
        // The patch is of what is in force now: whatever the request asks for, no other may be under it.
        return await Change(
            Encoding.UTF8.GetBytes(DocumentJson.ToYaml(merged)), expected ?? state.Hash, isDryRun, cancellation);
    }

    private async Task<Result<ConfigChange>> Change(
        byte[] content, string? expected, bool isDryRun, CancellationToken cancellation)
    {
        if (!config.IsConfigured)
        {
            return new Problem(
                ProblemCodes.WrongState, "This gateway has no file: set GATEHOUSE_GATEWAY__FILE and start it again.");
        }

        var before = config.State;
        var file = config.Read(content);
        if (ProblemOf(file) is { } problem)
        {
            return problem;
        }

        var (listed, count) = ConfigDiff.Of(JsonOf(before.Document), JsonOf(file.Document));
        if (isDryRun)
        {
            return expected is not null && expected != before.Hash
                ? ConfigService.Stale()
                : new ConfigChange(before.Revision, TagOf(before), DryRun: true, count, listed);
        }

        var replaced = await config.Replace(content, expected, cancellation);
        if (replaced.Failed(out problem))
        {
            return problem;
        }

        LogChanged(RequestFacts.Current.Actor?.ToString() ?? "unknown", replaced.Value.Revision, count);
        // Where it changed and not to what: a header's value is nobody else's to read.
        await audit.TryWrite(
            new AuditFact("gateway.config.changed", "gateway/config")
            {
                Before = new JsonObject { ["sha256"] = before.Hash }.ToJsonString(),
                After = new JsonObject
                {
                    ["sha256"] = replaced.Value.Hash,
                    ["revision"] = replaced.Value.Revision,
                    ["differences"] = count,
                    ["paths"] = new JsonArray(
                        [.. listed.Take(AuditedPathsMax).Select(one => JsonValue.Create(one.Path))]),
                }.ToJsonString(),
            },
            // It is done: who asked for it may have gone.
            CancellationToken.None);
        return new ConfigChange(replaced.Value.Revision, TagOf(replaced.Value), DryRun: false, count, listed);
    }

    private static ConfigView ViewOf(ConfigState state) => new(
        state.Revision,
        TagOf(state),
        state.At,
        JsonOf(state.Document),
        state.Refusal is { } refusal
            ? new RefusalView(refusal.At, refusal.Report.Faults.Count, [.. refusal.Report.Faults.Take(100)])
            : null);

    private static Problem? ProblemOf(GatewayFile file)
    {
        if (file.Faults.Count == 0)
        {
            return null;
        }

        var faults = new Faults();
        foreach (var fault in file.Faults.Take(100))
        {
            var hint = fault.Hint is null ? "" : $" ({fault.Hint})";
            faults.Add(
                fault.Path.Length == 0 ? "document" : fault.Path,
                $"{fault.Line}:{fault.Column} {fault.Message} [{fault.Rule}]{hint}");
        }

        return faults.ToProblem();
    }

    private static JsonNode? JsonOf(MapNode? document) => document is null ? null : DocumentJson.Of(document);

    private static string TagOf(ConfigState state) => $"\"{state.Hash}\"";

    [LoggerMessage(11010, LogLevel.Information,
        "{Actor} changed the gateway's file: revision {Revision}, {Differences} differences")]
    private partial void LogChanged(string actor, long revision, int differences);
}

/// <summary>The gateway's file.</summary>
/// <param name="Revision">In force in this instance; counted from its start.</param>
/// <param name="ETag">SHA-256 of the file: the same in every gateway that has the same one.</param>
/// <param name="At">Since when it is in force here.</param>
/// <param name="Document">With placeholders in place of secrets.</param>
/// <param name="Refused">What was read since and is not in force.</param>
internal sealed record ConfigView(
    long Revision, string ETag, DateTimeOffset At, JsonNode? Document, RefusalView? Refused);

/// <param name="Count">Of all faults; the first hundred are listed.</param>
internal sealed record RefusalView(
    DateTimeOffset At, int Count, IReadOnlyList<Contracts.Gateway.GatewayFault> Faults);

/// <summary>A change of the file.</summary>
/// <param name="Revision">In force now.</param>
/// <param name="ETag">Of the file in force now.</param>
/// <param name="DryRun">Nothing was changed.</param>
/// <param name="Count">Of all differences; the first thousand are listed.</param>
internal sealed record ConfigChange(
    long Revision, string ETag, bool DryRun, int Count, IReadOnlyList<ConfigDifference> Differences);
