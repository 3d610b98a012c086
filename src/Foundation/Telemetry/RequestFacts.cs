using System.Net;
using Gatehouse.Kernel;

namespace Gatehouse.Foundation.Telemetry;

/// <summary>
/// On whose behalf the code runs, for what must be able to say so later. It flows with the request, and so into
/// whatever a request starts: what outlives it is to be queued without the execution context.
/// </summary>
public sealed class RequestFacts(
    ActorKind kind, UserId? actor, string? requestId, IPAddress? client, string? userAgent = null)
{
    private static readonly RequestFacts System = new(ActorKind.System, null, null, null);
    private static readonly AsyncLocal<RequestFacts?> Ambient = new();

    /// <summary>Of the request or command that runs here; the program's own where there is none.</summary>
    public static RequestFacts Current => Ambient.Value ?? System;

    public ActorKind Kind => kind;

    /// <summary>Null for the program itself, a command, and someone who has not signed in.</summary>
    public UserId? Actor => actor;

    public string? RequestId => requestId;

    public string? ClientAddress => client is { IsIPv4MappedToIPv6: true }
        ? client.MapToIPv4().ToString()
        : client?.ToString();

    /// <summary>Of the client on the network, or of the proxy that nobody trusts; null where there is none.</summary>
    public IPAddress? Client => client;

    /// <summary>What the client says of itself: any text up to the length of a header.</summary>
    public string? UserAgent => userAgent;

    /// <summary>From here on, as far as this call's execution context flows.</summary>
    public static void Begin(RequestFacts facts) => Ambient.Value = facts;

    /// <summary>Someone at the command line of this machine.</summary>
    public static void BeginCommand() => Begin(new RequestFacts(ActorKind.Command, null, null, null));
}

/// <summary>Who is behind an act.</summary>
public enum ActorKind
{
    /// <summary>Someone who sent a request, signed in or not.</summary>
    User,

    /// <summary>The program by itself: a schedule, a consumer, a start.</summary>
    System,

    /// <summary>Someone at the command line.</summary>
    Command,
}
