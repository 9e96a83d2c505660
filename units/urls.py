"""Addresses of the register."""

from django.urls import path

from units.views import account, mail, organisation, people, reorganisations, trail, transfers

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
    path("reorganisations/", reorganisations.reorganisation_list, name="reorganisation-list"),
    path("reorganisations/create/", reorganisations.reorganisation_create, name="reorganisation-create"),
    path("reorganisations/<uuid:pk>/", reorganisations.reorganisation_detail, name="reorganisation-detail"),
    path("reorganisations/<uuid:pk>/units/", reorganisations.reorganisation_units, name="reorganisation-units"),
    path(
        "reorganisations/<uuid:pk>/units/add/",
        reorganisations.reorganisation_unit_add,
        name="reorganisation-unit-add",
    ),
    path(
        "reorganisations/<uuid:pk>/units/remove/",
        reorganisations.reorganisation_unit_remove,
        name="reorganisation-unit-remove",
    ),
    path("reorganisations/<uuid:pk>/results/", reorganisations.reorganisation_results, name="reorganisation-results"),
    path(
        "reorganisations/<uuid:pk>/results/choose/",
        reorganisations.reorganisation_result_choose,
        name="reorganisation-result-choose",
    ),
    path(
        "reorganisations/<uuid:pk>/results/add/",
        reorganisations.reorganisation_result_add,
        name="reorganisation-result-add",
    ),
    path(
        "reorganisations/<uuid:pk>/results/<uuid:result>/remove/",
        reorganisations.reorganisation_result_remove,
        name="reorganisation-result-remove",
    ),
    path(
        "reorganisations/<uuid:pk>/results/<uuid:result>/heir/",
        reorganisations.reorganisation_heir_choose,
        name="reorganisation-heir-choose",
    ),
    path(
        "reorganisations/<uuid:pk>/decision/", reorganisations.reorganisation_decision, name="reorganisation-decision"
    ),
    path("reorganisations/<uuid:pk>/confirm/", reorganisations.reorganisation_confirm, name="reorganisation-confirm"),
    path("reorganisations/<uuid:pk>/cancel/", reorganisations.reorganisation_cancel, name="reorganisation-cancel"),
    path("reorganisations/<uuid:pk>/reopen/", reorganisations.reorganisation_reopen, name="reorganisation-reopen"),
    path("trail/", trail.trail, name="trail"),
    path("my-openings/", trail.my_openings, name="my-openings"),
    path("mail/", mail.mail_list, name="mail-list"),
]
