using Gatehouse.Foundation.Data;
using Gatehouse.Gateway.Registry;

namespace Gatehouse.Gateway.Tests.Registry;

public sealed class RenewalsTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private readonly MemberSet members = new(TimeProvider.System);

    [Fact]
    public async Task Who_asks_while_a_statement_runs_goes_along_with_the_next_one()
    {
        var store = new HeldStore();
        var renewals = new Renewals(store, members);
        var first = renewals.Renew(new MemberKey("shop", "m0"), Cancellation);
        await store.Began.Task.WaitAsync(Soon, Cancellation);

        var others = Enumerable.Range(1, 200)
            .Select(i => renewals.Renew(new MemberKey("shop", $"m{i}"), Cancellation)).ToList();
        store.Go.SetResult();

        Assert.NotNull(await first);
        Assert.All(await Task.WhenAll(others), lease => Assert.NotNull(lease));
        Assert.Equal([1, 200], store.Batches);
    }

    [Fact]
    public async Task A_store_that_fails_fails_those_who_asked_and_not_those_who_ask_later()
    {
        var store = new HeldStore();
        var renewals = new Renewals(store, members);
        var first = renewals.Renew(new MemberKey("shop", "a"), Cancellation);
        await store.Began.Task.WaitAsync(Soon, Cancellation);
        store.Go.SetException(new TimeoutException());

        await Assert.ThrowsAsync<TimeoutException>(() => first);
        Assert.True(members.IsLost);
        store.Go = new TaskCompletionSource();
        store.Go.SetResult();
        Assert.NotNull(await renewals.Renew(new MemberKey("shop", "a"), Cancellation));
        members.Take([]);
        Assert.False(members.IsLost);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Answers when it may.</summary>
    private sealed class HeldStore : IMemberStore
    {
        public TaskCompletionSource Began { get; } = new();

        public TaskCompletionSource Go { get; set; } = new();

        public List<int> Batches { get; } = [];

        public Signal Changed { get; } = new();

        public async Task<IReadOnlyDictionary<MemberKey, RenewedLease>> Renew(
            IReadOnlyCollection<MemberKey> keys, CancellationToken cancellation)
        {
            Batches.Add(keys.Count);
            Began.TrySetResult();
            await Go.Task.WaitAsync(Soon, cancellation);
            return keys.ToDictionary(key => key, _ => new RenewedLease(15, default));
        }

        public Task<StoredMember?> Put(Member member, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public Task<bool> Remove(MemberKey key, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<IReadOnlyList<StoredMember>> All(CancellationToken cancellation) =>
            throw new NotSupportedException();

        public Task<int> Prune(TimeSpan age, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
