"""Addresses of the register."""

from django.urls import path

from units.views import account, mail, people

app_name = "units"
urlpatterns = [
    path("", account.home, name="home"),
    path("sign-in/", account.sign_in, name="sign-in"),
    path("sign-out/", account.sign_out, name="sign-out"),
    path("help/", account.help_page, name="help"),
    path("memberships/", account.membership_list, name="membership-list"),
    path("memberships/choose/", account.membership_choose, name="membership-choose"),
    path("people/<uuid:pk>/", people.person_detail, name="person-detail"),
    path("mail/", mail.mail_list, name="mail-list"),
]
