namespace Gatehouse.Notifications.Tests;

public sealed class NotificationsTests
{
    [Fact]
    public void Its_name_is_what_the_settings_call_it() =>
        Assert.Equal("notifications", new NotificationsModule().Name);
}
