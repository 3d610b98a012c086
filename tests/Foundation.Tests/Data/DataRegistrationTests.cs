using Gatehouse.Foundation.Data;

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
}
