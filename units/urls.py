"""Addresses of the register."""

from django.urls import path

from units.views import account, imports, mail, people, trail, workbooks

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
    path("people/<uuid:pk>/trail/workbook/", workbooks.trail_person_workbook, name="trail-person-workbook"),
    path("units/<uuid:pk>/trail/", trail.trail_unit, name="trail-unit"),
    path("units/<uuid:pk>/trail/workbook/", workbooks.trail_unit_workbook, name="trail-unit-workbook"),
    path("trail/", trail.trail, name="trail"),
    path("my-openings/", trail.my_openings, name="my-openings"),
    path("my-openings/workbook/", workbooks.my_openings_workbook, name="my-openings-workbook"),
    path("imports/", imports.import_list, name="import-list"),
    path("imports/workbook/", imports.import_list_workbook, name="import-list-workbook"),
    path("imports/new/", imports.import_add, name="import-add"),
    path("imports/templates/<slug:kind>/", imports.import_template, name="import-template"),
    path("imports/<uuid:pk>/", imports.import_detail, name="import-detail"),
    path("imports/<uuid:pk>/workbook/", imports.import_detail_workbook, name="import-detail-workbook"),
    path("imports/<uuid:pk>/confirm/", imports.import_confirm, name="import-confirm"),
    path("imports/<uuid:pk>/undo/", imports.import_undo, name="import-undo"),
    path("mail/", mail.mail_list, name="mail-list"),
]
