using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Configuration;

/// <summary>Places whose keys are names of the file's own choice.</summary>
internal static class Maps
{
    public static MapKind<Bound> ById(ObjectKind item, int max) => new("id", Rules.BadId, Destination.IsId, item, max);

    public static MapKind<string> ByHeader(Kind<string> value) =>
        new("name of a header", Rules.BadHeaderName, Kinds.IsHeaderName, value, 50);
}
