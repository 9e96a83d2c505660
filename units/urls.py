"""Addresses of the register."""

from django.urls import path

from units.views import account, accounts, invitations, mail, people, trail

app_name = "units"
urlpatterns = [
    path("", account.home, name="home"),
    path("sign-in/", account.sign_in, name="sign-in"),
    path("sign-out/", account.sign_out, name="sign-out"),
    path("help/", account.help_page, name="help"),
    path("memberships/", account.membership_list, name="membership-list"),
    path("memberships/choose/", account.membership_choose, name="membership-choose"),
    path("memberships/<uuid:pk>/end/", accounts.membership_end, name="membership-end"),
    path("accounts/", accounts.account_list, name="account-list"),
    path("accounts/invite/", accounts.account_invite, name="account-invite"),
    path("accounts/invitations/", accounts.invitation_list, name="invitation-list"),
    path("accounts/invitations/<uuid:pk>/resend/", accounts.invitation_resend, name="invitation-resend"),
    path("accounts/invitations/<uuid:pk>/withdraw/", accounts.invitation_withdraw, name="invitation-withdraw"),
    path("accounts/me/", account.my_account, name="my-account"),
    path("accounts/me/sessions/", account.session_list, name="session-list"),
    path("accounts/me/sessions/end-others/", account.session_end_others, name="session-end-others"),
    path("accounts/me/sessions/<slug:key>/end/", account.session_end, name="session-end"),
    path("accounts/<uuid:pk>/", accounts.account_detail, name="account-detail"),
    path("accounts/<uuid:pk>/memberships/grant/", accounts.membership_grant, name="membership-grant"),
    path("accounts/<uuid:pk>/deactivate/", accounts.account_deactivate, name="account-deactivate"),
    path("accounts/<uuid:pk>/activate/", accounts.account_activate, name="account-activate"),
    path("accounts/<uuid:pk>/second-factor/reset/", accounts.second_factor_reset, name="second-factor-reset"),
    path("invitations/accept/", invitations.invitation_accept, name="invitation-accept"),
    path("invitations/<str:token>/", invitations.invitation_open, name="invitation-open"),
    path("people/<uuid:pk>/", people.person_detail, name="person-detail"),
    path("people/<uuid:pk>/trail/", trail.trail_person, name="trail-person"),
    path("units/<uuid:pk>/trail/", trail.trail_unit, name="trail-unit"),
    path("trail/", trail.trail, name="trail"),
    path("my-openings/", trail.my_openings, name="my-openings"),
    path("mail/", mail.mail_list, name="mail-list"),
]
