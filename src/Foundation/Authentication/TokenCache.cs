using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;

namespace Gatehouse.Foundation.Authentication;

/// <summary>
/// Tokens that were verified, by the SHA-256 of their text, so that a burst of requests with one token pays for one
/// signature. Bounded by two generations: when the young one is full it becomes the old one and the old one is
/// forgotten; what is still used is carried over. Reading takes no lock.
/// </summary>
/// <typeparam name="TToken">What is known of a token that was good.</typeparam>
public sealed class TokenCache<TToken>
    where TToken : class
{
    public const int EntriesMax = 10_000;
    private const int GenerationEntriesMax = EntriesMax / 2;
    private readonly Lock gate = new();
    private volatile Generations generations = new([], []);
    private int youngCount;

    public int Count => generations.Young.Count + generations.Old.Count;

    public TToken? Find(in TokenHash hash)
    {
        var (young, old) = generations;
        if (young.TryGetValue(hash, out var token))
        {
            return token;
        }

        if (old.TryGetValue(hash, out token))
        {
            Add(hash, token);
        }

        return token;
    }

    public void Add(in TokenHash hash, TToken token)
    {
        lock (gate)
        {
            if (youngCount == GenerationEntriesMax)
            {
                generations = new Generations([], generations.Young);
                youngCount = 0;
            }

            youngCount += generations.Young.TryAdd(hash, token) ? 1 : 0;
        }
    }

    private sealed record Generations(
        ConcurrentDictionary<TokenHash, TToken> Young, ConcurrentDictionary<TokenHash, TToken> Old);
}

/// <summary>A token that was good when it was verified, with the answer it stands for.</summary>
/// <param name="Answer">Shared by every request with this token.</param>
/// <param name="KeyId">Of the key that it was verified by.</param>
/// <param name="GoodUntil">Expiry with the allowed skew.</param>
internal sealed record VerifiedToken(AuthenticateResult Answer, string KeyId, DateTimeOffset GoodUntil);

/// <summary>SHA-256 of a token's text.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct TokenHash(UInt128 First, UInt128 Second)
{
    public static TokenHash Of(string token)
    {
        Span<TokenHash> hash = stackalloc TokenHash[1];
        SHA256.HashData(MemoryMarshal.AsBytes(token.AsSpan()), MemoryMarshal.AsBytes(hash));
        return hash[0];
    }

    // The bits are even already.
    public override int GetHashCode() => (int)(ulong)First;
}
