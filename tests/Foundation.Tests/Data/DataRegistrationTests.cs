using Gatehouse.Foundation.Data;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gatehouse.Foundation.Tests.Data;

public sealed class DataRegistrationTests
{
    [Theory]
    [InlineData("")]
    [InlineData("Journal")]
    [InlineData("journal2")]
    [InlineData("journal; DROP SCHEMA identity")]
    [InlineData("../journal")]
    public void A_name_that_is_not_lower_case_letters_is_refused(string name) =>
        Assert.Throws<ArgumentException>(nameof(name), () => DataRegistration.Open(name, new DatabaseOptions()));

    [Fact]
    public void Each_module_has_a_listener_of_its_own()
    {
        var services = new ServiceCollection()
            .AddModuleDatabase("journal", typeof(DataRegistrationTests).Assembly)
            .AddModuleDatabase("ledger", typeof(DataRegistrationTests).Assembly);

        Assert.Equal(2, services.Count(service => service.ServiceType == typeof(IHostedService)));
    }
}
