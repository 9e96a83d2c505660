"""The pages of allauth that are open here, under the names by which allauth asks for them. Sign-up is not among them.

Each is wrapped: pages of one's own account stand inside our frame, pages for everybody count how often one address
asks.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path, re_path

from units.services.sign_in import ADDRESS, LINK_ADDRESS, RESET_ADDRESS
from units.views.account import own_page
from units.views.limits import limited
from units.views.provider import PROVIDER, provider_callback, provider_sign_in
from units.views.second_factor import changeable_password, code_app_remove, passkey_remove

EVERY = frozenset({"GET", "POST"})
# allauth asks for these addresses with the provider's name. There is one; any other name is no address at all.
ONE_PROVIDER = {"provider_id": PROVIDER}

urlpatterns = [
    # The same page as units:sign-in, which stands first; allauth asks for it by this name.
    path("sign-in/", account.login, name="account_login"),
    path("sign-in/second-factor/", limited(ADDRESS)(mfa.authenticate), name="mfa_authenticate"),
    path("sign-in/passkey/", limited(ADDRESS)(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path("sign-in/inactive/", account.account_inactive, name="account_inactive"),
    path(f"sign-in/with/{PROVIDER}/", provider_sign_in, ONE_PROVIDER, name="openid_connect_login"),
    path(f"sign-in/with/{PROVIDER}/callback/", provider_callback, ONE_PROVIDER, name="openid_connect_callback"),
    path("password-reset/", limited(RESET_ADDRESS)(account.password_reset), name="account_reset_password"),
    path("password-reset/sent/", account.password_reset_done, name="account_reset_password_done"),
    path("password-reset/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^password-reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        limited(LINK_ADDRESS, methods=EVERY)(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path("accounts/me/password/", own_page(changeable_password), name="account_change_password"),
    path("accounts/me/email/", own_page(account.email), name="account_email"),
    re_path(
        r"^email-confirm/(?P<key>[-:\w]+)/$",
        limited(LINK_ADDRESS, methods=EVERY)(account.confirm_email),
        name="account_confirm_email",
    ),
    path("accounts/me/confirm/", own_page(account.reauthenticate), name="account_reauthenticate"),
    path("accounts/me/confirm/code/", own_page(mfa.reauthenticate), name="mfa_reauthenticate"),
    path(
        "accounts/me/confirm/passkey/", own_page(webauthn.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"
    ),
    path("accounts/me/second-factor/", own_page(mfa.index), name="mfa_index"),
    path("accounts/me/second-factor/codes/add/", own_page(totp.activate_totp), name="mfa_activate_totp"),
    path("accounts/me/second-factor/codes/remove/", own_page(code_app_remove), name="mfa_deactivate_totp"),
    path("accounts/me/second-factor/passkeys/add/", own_page(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("accounts/me/second-factor/passkeys/<int:pk>/remove/", own_page(passkey_remove), name="mfa_remove_webauthn"),
    path("accounts/me/recovery-codes/", own_page(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "accounts/me/recovery-codes/renew/",
        own_page(recovery.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
]
