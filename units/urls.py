"""Addresses of the register."""

from django.urls import path

from units.views import account, mail, people, rights, trail

app_name = "units"
urlpatterns = [
    path("", account.home, name="home"),
    path("sign-in/", account.sign_in, name="sign-in"),
    path("sign-out/", account.sign_out, name="sign-out"),
    path("help/", account.help_page, name="help"),
    path("memberships/", account.membership_list, name="membership-list"),
    path("memberships/choose/", account.membership_choose, name="membership-choose"),
    path("people/<uuid:pk>/", people.person_detail, name="person-detail"),
    path("people/<uuid:pk>/trail/", trail.trail_person, name="trail-person"),
    path("units/<uuid:pk>/trail/", trail.trail_unit, name="trail-unit"),
    path("trail/", trail.trail, name="trail"),
    path("my-openings/", trail.my_openings, name="my-openings"),
    path("grants/", rights.grant_list, name="grant-list"),
    path("grants/add/", rights.grant_add, name="grant-add"),
    path("grants/<uuid:pk>/end/", rights.grant_end, name="grant-end"),
    path("delegations/", rights.delegation_list, name="delegation-list"),
    path("delegations/add/", rights.delegation_add, name="delegation-add"),
    path("delegations/<uuid:pk>/end/", rights.delegation_end, name="delegation-end"),
    path("mail/", mail.mail_list, name="mail-list"),
]
