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
