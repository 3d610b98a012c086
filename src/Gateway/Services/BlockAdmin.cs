using System.Net;
using Gatehouse.Contracts;
using Gatehouse.Foundation.Audit;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Limits;
using Gatehouse.Foundation.Resilience;
using Gatehouse.Foundation.Telemetry;
using Gatehouse.Kernel;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Gateway.Services;

/// <summary>Shows administrators who is blocked, and lifts blocks.</summary>
internal sealed partial class BlockAdmin(
    AddressBlocks blocks, IEnumerable<MigratedDatabase> databases, IAuditLog audit, ILogger<BlockAdmin> log)
{
    public Result<ListAnswer<BlockView>> List(PageRequest page)
    {
        if (page.Number is not { } number)
        {
            var faults = new Faults();
            faults.Add("cursor", "is not offered here; use page");
            return faults.ToProblem(ProblemCodes.InvalidQuery);
        }

        var all = blocks.All;
        return ListAnswer<BlockView>.From(new Page<BlockView>(
            [.. all.Skip(page.Offset).Take(page.Limit).Select(BlockView.Of)], page.Limit)
        {
            Number = number,
            Total = all.Count,
        });
    }

    /// <param name="text">The address, or any other that is blocked with it.</param>
    /// <param name="cancellation">Ends the wait for the audit log.</param>
    public async Task<Problem?> Lift(string text, CancellationToken cancellation)
    {
        if (!IPAddress.TryParse(text, out var address) || !await blocks.Lift(address))
        {
            return Problem.NotFound("block of this address");
        }

        LogLifted(address, RequestFacts.Current.Actor?.ToString() ?? "unknown");
        await Audit(address, cancellation);
        return null;
    }

    // A block is no row: the first module's log has it, where there is a module with a database.
    private async Task Audit(IPAddress address, CancellationToken cancellation)
    {
        if (databases.FirstOrDefault() is not { } first)
        {
            return;
        }

        try
        {
            await using var unit = await first.Database.Begin(cancellation);
            audit.Write(unit, new AuditFact("block.lifted", $"block/{address}"));
            await unit.Commit();
        }
        catch (Exception exception) when (
            DatabaseFaults.IsUnavailable(exception) || exception is OutcomeUnknownException or DependencyException)
        {
            LogNotAudited(exception, address);
        }
    }

    [LoggerMessage(11241, LogLevel.Information, "The block of {Address} was lifted by {Actor}")]
    private partial void LogLifted(IPAddress address, string actor);

    [LoggerMessage(11242, LogLevel.Error, "The audit log has no row of lifting the block of {Address}")]
    private partial void LogNotAudited(Exception exception, IPAddress address);
}

/// <summary>An address that is answered 429, whatever it asks.</summary>
/// <param name="Address">Of IPv6 the first of the /64 that is blocked.</param>
/// <param name="Since">As this gateway knows it.</param>
/// <param name="Until">When it ends by itself.</param>
internal sealed record BlockView(string Address, DateTimeOffset Since, DateTimeOffset Until)
{
    public static BlockView Of(AddressBlock block) => new(block.Address.ToString(), block.Since, block.Until);
}
