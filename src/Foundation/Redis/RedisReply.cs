namespace Gatehouse.Foundation.Redis;

/// <summary>What Redis answered, if it did.</summary>
internal readonly struct RedisReply<T>(T value)
{
    public bool Ok { get; } = true;

    public T Value { get; } = value;
}
