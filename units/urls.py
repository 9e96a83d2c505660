"""Addresses of the register."""

from django.urls import path

from units.views import account, mail, organisation, people, trail, transfers

app_name = "units"
urlpatterns = [
    path("", account.home, name="home"),
    path("sign-in/", account.sign_in, name="sign-in"),
    path("sign-out/", account.sign_out, name="sign-out"),
    path("help/", account.help_page, name="help"),
    path("memberships/", account.membership_list, name="membership-list"),
    path("memberships/choose/", account.membership_choose, name="membership-choose"),
    path("people/past/", transfers.past_service_list, name="past-service-list"),
    path("people/past/<uuid:pk>/", transfers.past_service_detail, name="past-service-detail"),
    path("people/<uuid:pk>/transfer/", transfers.transfer_create, name="transfer-create"),
    path("transfers/", transfers.transfer_list, name="transfer-list"),
    path("transfers/<uuid:pk>/cancel/", transfers.transfer_cancel, name="transfer-cancel"),
    path("transfers/offers/<uuid:pk>/confirm/", transfers.transfer_confirm, name="transfer-confirm"),
    path("transfers/offers/<uuid:pk>/decline/", transfers.transfer_decline, name="transfer-decline"),
    path("people/<uuid:pk>/", people.person_detail, name="person-detail"),
    path("people/<uuid:pk>/trail/", trail.trail_person, name="trail-person"),
    path("units/", organisation.unit_list, name="unit-list"),
    path("units/create/", organisation.unit_create, name="unit-create"),
    path("units/<uuid:pk>/", organisation.unit_detail, name="unit-detail"),
    path("units/<uuid:pk>/edit/", organisation.unit_edit, name="unit-edit"),
    path("units/<uuid:pk>/rename/", organisation.unit_rename, name="unit-rename"),
    path("units/<uuid:pk>/trail/", trail.trail_unit, name="trail-unit"),
    path("trail/", trail.trail, name="trail"),
    path("my-openings/", trail.my_openings, name="my-openings"),
    path("mail/", mail.mail_list, name="mail-list"),
]
