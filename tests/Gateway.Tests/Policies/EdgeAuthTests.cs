using System.Net.WebSockets;
using Gatehouse.Foundation.Authentication;
using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Tests.Forwarding;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Gateway.Tests.Policies;

/// <summary>Routes that ask for a token of Gatehouse.</summary>
public sealed class EdgeAuthTests : IAsyncLifetime
{
    private readonly TokenMint mint = new();
    private readonly RawUpstream upstream = RawUpstream.Answering(Asking.Ok);
    private GatewayRig rig = null!;

    public async ValueTask InitializeAsync() => rig = await GatewayRig.Start(
        new GatewayOptions(), IdentityAt(mint), Asking.Route(upstream) with { Auth = new RouteAuth() });

    public async ValueTask DisposeAsync()
    {
        await rig.DisposeAsync();
        upstream.Dispose();
        mint.Dispose();
    }

    [Fact]
    public async Task Without_a_token_nobody_passes_and_with_one_the_upstream_learns_who_it_is()
    {
        var user = Guid.CreateVersion7();

        var refused = await rig.Get("/a");
        var basic = await rig.Get("/a", "Authorization: Basic YTpi");
        var passed = await rig.Get("/a", $"authorization: bearer {mint.Own("organizer", user)}",
            "X-Gatehouse-User: root", "X-Gatehouse-Roles: admin", "x-gatehouse-scopes: all");

        Assert.Equal((401, "Bearer"), (refused.Status(), refused.Header("WWW-Authenticate")));
        Assert.Equal((401, "Bearer"), (basic.Status(), basic.Header("WWW-Authenticate")));
        Assert.Contains("\"code\":\"unauthenticated\"", refused, StringComparison.Ordinal);
        Assert.Equal(200, passed.Status());
        var sent = Assert.Single(upstream.Requests);
        Assert.Equal(user.ToString("D"), sent.Header("X-Gatehouse-User"));
        Assert.Equal(("gatehouse", "organizer", "events.manage"), (
            sent.Header("X-Gatehouse-Issuer"), sent.Header("X-Gatehouse-Roles"), sent.Header("X-Gatehouse-Scopes")));
        Assert.StartsWith("bearer ", sent.Header("Authorization"), StringComparison.Ordinal);
        Assert.DoesNotContain("root", sent.Head, StringComparison.Ordinal);
        Assert.DoesNotContain("admin", sent.Head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_headers_of_authorization_are_none_and_no_token_is_read_elsewhere()
    {
        var token = mint.Own("user");

        var twice = await rig.Get("/a", token.Bearer(), token.Bearer());
        var query = await rig.Get($"/a?access_token={token}", $"Cookie: access_token={token}");

        Assert.Equal((401, 401), (twice.Status(), query.Status()));
        Assert.Equal("Bearer error=\"invalid_token\"", twice.Header("WWW-Authenticate"));
        Assert.Empty(upstream.Requests);
    }

    [Fact]
    public async Task A_role_is_asked_for_and_taken_away_while_it_runs()
    {
        var route = Asking.Route(upstream);
        rig.Swap(route with { Auth = new RouteAuth { Roles = ["organizer", "admin"] } });
        var (user, organizer) = (mint.Own("user"), mint.Own("organizer"));

        Assert.Equal(200, (await rig.Get("/a", organizer.Bearer())).Status());
        var forbidden = await rig.Get("/a", user.Bearer());
        rig.Swap(route with { Auth = new RouteAuth { Roles = ["admin"] } });
        var later = await rig.Get("/a", organizer.Bearer());
        rig.Swap(route with { Auth = new RouteAuth { Scopes = ["events.manage", "users.view"] } });
        var scopes = await rig.Get("/a", organizer.Bearer());

        Assert.Equal((403, 403, 403), (forbidden.Status(), later.Status(), scopes.Status()));
        Assert.Contains("\"code\":\"forbidden\"", forbidden, StringComparison.Ordinal);
        Assert.Equal(
            "Bearer error=\"insufficient_scope\", scope=\"events.manage users.view\"",
            scopes.Header("WWW-Authenticate"));
        Assert.Equal(200, (await rig.Get("/a", mint.Own("admin").Bearer())).Status());
        Assert.Equal(2, upstream.Requests.Count);
    }

    [Fact]
    public async Task Calls_are_told_in_a_way_that_they_can_read()
    {
        rig.Swap(Asking.Route(upstream) with { Auth = new RouteAuth { Roles = ["admin"] } });
        const string grpc = "Content-Type: application/grpc+proto";

        Assert.Equal("16", (await rig.Send("POST", "/a", grpc)).Header("grpc-status"));
        Assert.Equal("7", (await rig.Send("POST", "/a", grpc, mint.Own("user").Bearer())).Header("grpc-status"));
    }

    [Fact]
    public async Task A_session_that_ended_and_a_token_that_ran_out_pass_no_more()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var header = TokenMint.HeaderOf("ES256", mint.Curve, ("typ", "at+jwt"));
        var old = mint.SignEc(header, mint.OwnClaims("user", Guid.CreateVersion7(), ("exp", now - 10)));
        var elsewhere = mint.SignEc(header, mint.OwnClaims("user", Guid.CreateVersion7(), ("aud", "other")));
        mint.SessionStatus = 401;

        Assert.Equal(401, (await rig.Get("/a", mint.Own("user").Bearer())).Status());
        mint.SessionStatus = 204;
        Assert.Equal(401, (await rig.Get("/a", old.Bearer())).Status());
        Assert.Equal(401, (await rig.Get("/a", elsewhere.Bearer())).Status());
        Assert.Equal(200, (await rig.Get("/a", mint.Own("user").Bearer())).Status());
    }

    [Fact]
    public async Task While_the_keys_cannot_be_had_it_is_no_fault_of_the_token()
    {
        mint.Stop();

        var answer = await rig.Get("/a", mint.Own("user").Bearer());

        Assert.Equal((503, "2"), (answer.Status(), answer.Header("Retry-After")));
        Assert.Contains("\"code\":\"unavailable\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_WebSocket_is_closed_when_its_token_runs_out()
    {
        await using var echo = await EchoServer.Start();
        rig.Swap(GatewayRig.RouteTo(echo.Http1) with { Auth = new RouteAuth() });
        // With the five seconds that clocks may differ.
        var soon = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var token = mint.SignEc(
            TokenMint.HeaderOf("ES256", mint.Curve, ("typ", "at+jwt")),
            mint.OwnClaims("user", Guid.CreateVersion7(), ("iat", soon - 10), ("exp", soon)));
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        await socket.ConnectAsync(
            new Uri($"ws://127.0.0.1:{rig.Port}/ws"), TestContext.Current.CancellationToken);

        var got = await socket.ReceiveAsync(new byte[100], TestContext.Current.CancellationToken);

        Assert.Equal((WebSocketMessageType.Close, WebSocketCloseStatus.EndpointUnavailable),
            (got.MessageType, got.CloseStatus));
    }

    internal static Action<IServiceCollection> IdentityAt(TokenMint mint) =>
        services => services.AddSingleton(new TokenOptions { IdentityUrl = mint.Issuer });
}
