using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Foundation.Configuration;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Foundation.Secrets;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Ticketing.Services;

/// <summary>
/// A provider that takes no money and behaves as its amounts say (<see cref="TestScript"/>): for development, and to
/// see what real ones do once in a thousand times. It stands on the other side of a signed callback like any other.
/// </summary>
/// <param name="runtime">Null in tests of the module alone.</param>
internal sealed class TestPayments(
    [FromKeyedServices(TicketingModule.DatabaseName)] Database database,
    TicketingOptions options,
    SecretBox box,
    TimeProvider time,
    RuntimeOptions? runtime = null) : IPaymentProvider
{
    public const string ProviderName = "test";
    public const string JobKind = "ticketing.test-callback";
    private const string Purpose = "ticketing/test-payments";

    public string Name => ProviderName;

    public bool IsOffered => options.TestPayments || runtime?.Environment == RuntimeEnvironment.Development;

    public bool Refunds => true;

    public async Task Begin(Payment payment, CancellationToken cancellation)
    {
        var now = time.Now();
        var jobs = TestScript.Of(payment).Callbacks(payment).Select((said, number) => new JobRequest(
            JobKind, $"{payment.Id} {said.Id} {said.Status.ToText()}")
        {
            Key = $"{payment.Id}/{number}",
            RunAt = payment.CreatedAt + said.After,
        });
        await using var unit = await database.Begin(cancellation);
        await JobQueue.Enqueue(unit, [.. jobs], now);
        await unit.Commit();
    }

    public Task<PaymentStatus> Look(Payment payment, CancellationToken cancellation) =>
        Task.FromResult(TestScript.Of(payment).Known(payment, time.Now()));

    public Task Refund(Refund refund, Payment payment, int attempt, CancellationToken cancellation) =>
        TestScript.Of(payment).FailsRefundOnce && attempt == 1
            ? throw new HttpRequestException("The test provider refuses the first attempt at this refund.")
            : Task.CompletedTask;

    /// <summary>A callback as this provider sends it, of what a job says.</summary>
    public SignedCallback Sign(string job)
    {
        if (job.Split(' ') is not [var payment, var id, var status])
        {
            throw new JobFailedException("This is no callback.");
        }

        var said = new TestCallback($"payment.{status}", Guid.Parse(payment), $"test_{payment}");
        var body = JsonSerializer.SerializeToUtf8Bytes(said, TestCallbackJson.Default.TestCallback);
        return CallbackSignature.Sign(Mac, id, time.Now(), body);
    }

    public Result<PaymentCallback> Verify(SignedCallback callback, DateTimeOffset now)
    {
        if (!CallbackSignature.IsOf(Mac, callback, now))
        {
            return TicketingProblems.NotSigned();
        }

        var said = JsonSerializer.Deserialize(callback.Body.Span, TestCallbackJson.Default.TestCallback)!;
        return new PaymentCallback(
            callback.Headers[CallbackSignature.Id],
            new PaymentId(said.PaymentId),
            PaymentStatuses.Parse(said.Type["payment.".Length..]),
            said.Reference);
    }

    private byte[] Mac(byte[] text) => box.Sign(Purpose, text);
}

/// <param name="Type"><c>payment.succeeded</c> or <c>payment.failed</c>.</param>
internal sealed record TestCallback(string Type, Guid PaymentId, string Reference);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(TestCallback))]
internal sealed partial class TestCallbackJson : JsonSerializerContext;
