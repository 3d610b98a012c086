using Gatehouse.Contracts;
using Gatehouse.Contracts.Identity;
using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Services;

internal sealed class RegisterRules(IdentityOptions options) : IRequestRules<RegisterRequest>
{
    public void Check(RegisterRequest request, Faults faults)
    {
        EmailAddress.Parse(request.Email, faults);
        Password.Choose(request.Password, options.PasswordMin, faults);
        User.ParseName(request.Name, faults);
    }
}

internal sealed class LoginRules : IRequestRules<LoginRequest>
{
    public void Check(LoginRequest request, Faults faults)
    {
        EmailAddress.Parse(request.Email, faults);
        Password.Typed(request.Password, faults);
    }
}

internal sealed class EmailRules : IRequestRules<EmailRequest>
{
    public void Check(EmailRequest request, Faults faults) => EmailAddress.Parse(request.Email, faults);
}

internal sealed class ResetPasswordRules(IdentityOptions options) : IRequestRules<ResetPasswordRequest>
{
    public void Check(ResetPasswordRequest request, Faults faults)
    {
        faults.Require(!string.IsNullOrEmpty(request.Token), "token", "is required");
        Password.Choose(request.NewPassword, options.PasswordMin, faults, "newPassword");
    }
}

internal sealed class ChangePasswordRules(IdentityOptions options) : IRequestRules<ChangePasswordRequest>
{
    public void Check(ChangePasswordRequest request, Faults faults)
    {
        Password.Typed(request.CurrentPassword, faults, "currentPassword");
        Password.Choose(request.NewPassword, options.PasswordMin, faults, "newPassword");
    }
}

internal sealed class UpdateOwnAccountRules : IRequestRules<UpdateOwnAccount>
{
    public void Check(UpdateOwnAccount request, Faults faults) => ProfileChange.Parse(request, faults);
}
