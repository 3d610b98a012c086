using System.Collections.Concurrent;
using System.Data.Common;
using System.Reflection;

namespace Gatehouse.Foundation.Data;

/// <summary>Statements of a batch with their parameters: the framework's batches are not Dapper's to fill.</summary>
internal static class BatchParameters
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Known = new();

    public static DbBatchCommand Command(DbBatch batch, string sql, object args)
    {
        var command = batch.CreateBatchCommand();
        command.CommandText = sql;
        foreach (var property in Known.GetOrAdd(args.GetType(), static type => type.GetProperties()))
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = property.Name;
            parameter.Value = property.GetValue(args) ?? DBNull.Value;
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
