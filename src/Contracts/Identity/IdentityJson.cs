using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Contracts.Json;

namespace Gatehouse.Contracts.Identity;

/// <summary>How identity's types are read and written, made at compile time.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(AccountView))]
[JsonSerializable(typeof(ChangePasswordRequest))]
[JsonSerializable(typeof(EmailRequest))]
[JsonSerializable(typeof(LinkReceipt))]
[JsonSerializable(typeof(LinkRequest))]
[JsonSerializable(typeof(ChangeUser))]
[JsonSerializable(typeof(KnownDevice))]
[JsonSerializable(typeof(ListAnswer<UserView>), TypeInfoPropertyName = "UserList")]
[JsonSerializable(typeof(LoginRequest))]
[JsonSerializable(typeof(NewSignInEvent))]
[JsonSerializable(typeof(OwnSessions))]
[JsonSerializable(typeof(OwnAccountView))]
[JsonSerializable(typeof(PasswordResetRequestedEvent))]
[JsonSerializable(typeof(ReauthenticateRequest))]
[JsonSerializable(typeof(RefreshRequest))]
[JsonSerializable(typeof(RegisterRequest))]
[JsonSerializable(typeof(RegistrationReceipt))]
[JsonSerializable(typeof(RecoveryCodes))]
[JsonSerializable(typeof(ResetPasswordRequest))]
[JsonSerializable(typeof(SecondFactorCode))]
[JsonSerializable(typeof(SecondFactorSecret))]
[JsonSerializable(typeof(SecondFactorView))]
[JsonSerializable(typeof(SecurityNoticeEvent))]
[JsonSerializable(typeof(TokenGrant))]
[JsonSerializable(typeof(TokenIssuer))]
[JsonSerializable(typeof(TokenKey))]
[JsonSerializable(typeof(TokenKeySet))]
[JsonSerializable(typeof(UpdateOwnAccount))]
[JsonSerializable(typeof(UserDisabledEvent))]
[JsonSerializable(typeof(UserEnabledEvent))]
[JsonSerializable(typeof(UserProfileChangedEvent))]
[JsonSerializable(typeof(UserRegisteredEvent))]
[JsonSerializable(typeof(UserRoleChangedEvent))]
[JsonSerializable(typeof(UserView))]
[JsonSerializable(typeof(VerificationRequestedEvent))]
public sealed partial class IdentityJson : JsonSerializerContext;
