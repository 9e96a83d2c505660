"""Who may open what: one line for each address of the project. The test beside this file holds the code to it.

This table is written by hand on purpose, and not derived from the code: a changed permission shows here as a diff
that somebody read. When you add an address, add its line; the failing test prints one to start from. Write

    "app:name": reading(CLERK, HEAD)                         a page without a key in its address
    "app:name": reading(CLERK, opens="app.model")            a page of one row: 404 for the rows of strangers
    "app:name": doing(HEAD, opens="app.model")               an action: answers to POST only

and say with `below=False` that rows of units below one's own stay closed (404), with `own="why"` that not even the
row of `units.isolation.world` opens in the state it is in, with `everyone=True` that the row is public, and with
`top=True` that only a unit at the top may: it is then asked from there, and everybody below is refused (403).
`except_for` names roles that reach the page, but not the row of the world: a table of people is no administrator's.

    account_page()   needs an account, no duty: signing out, choosing the duty
    open_to_all()    needs nothing: signing in, signs of life

`Role.MEMBER` acts in the scope of a council: what was put before it, and never its unit's rows besides.
"""

from dataclasses import dataclass
from typing import Any

from units.roles import Role

CLERK, HEAD, SECRETARIAT, RECORDS = Role.CLERK, Role.HEAD, Role.SECRETARIAT, Role.RECORDS
MEMBER, STAFF, ADMINISTRATOR = Role.MEMBER, Role.STAFF, Role.ADMINISTRATOR
EVERY_ROLE = tuple(Role)


@dataclass(frozen=True)
class Rule:
    """`kind` is "unit" for pages of a duty, "account" for pages of an account, "open" for everybody."""

    kind: str
    roles: frozenset[Role]
    method: str = "GET"
    opens: str = ""
    below: bool = True
    own: str = ""
    everyone: bool = False
    top: bool = False
    except_for: tuple[Role, ...] = ()


def reading(*roles: Role, **more: Any) -> Rule:
    return Rule("unit", frozenset(roles), "GET", **more)


def doing(*roles: Role, **more: Any) -> Rule:
    return Rule("unit", frozenset(roles), "POST", **more)


def account_page(method: str = "GET") -> Rule:
    return Rule("account", frozenset(Role), method)


def open_to_all() -> Rule:
    return Rule("open", frozenset(Role))


READERS = (CLERK, HEAD, SECRETARIAT, RECORDS, STAFF)
KEEPERS = (CLERK, ADMINISTRATOR)
RECORDERS = (CLERK, RECORDS, ADMINISTRATOR)

RULES: dict[str, Rule] = {
    # --- signs of life, signing in and out --------------------------------------------------------
    "healthz": open_to_all(),
    "readyz": open_to_all(),
    "units:sign-in": open_to_all(),
    "units:home": account_page(),
    "units:sign-out": account_page("POST"),
    "units:help": account_page(),
    "units:membership-list": account_page(),
    "units:membership-choose": account_page("POST"),
    "units:mail-list": account_page(),
    # --- one's own account ------------------------------------------------------------------------
    "units:my-account": account_page(),
    "units:session-list": account_page(),
    "units:code-app-replace": account_page(),
    "units:provider-unlink": account_page("POST"),
    "units:session-end": account_page("POST"),
    "units:session-end-others": account_page("POST"),
    "account_change_password": account_page(),
    "account_email": account_page(),
    "account_reauthenticate": account_page(),
    "mfa_reauthenticate": account_page(),
    "mfa_reauthenticate_webauthn": account_page(),
    "mfa_index": account_page(),
    "mfa_activate_totp": account_page(),
    "mfa_deactivate_totp": account_page(),
    "mfa_add_webauthn": account_page(),
    "mfa_remove_webauthn": account_page(),
    "mfa_view_recovery_codes": account_page(),
    "mfa_generate_recovery_codes": account_page(),
    # --- the way in, for whoever holds a password, a key or a link ----------------------------------
    "account_login": open_to_all(),
    "account_inactive": open_to_all(),
    "account_reset_password": open_to_all(),
    "account_reset_password_done": open_to_all(),
    "account_reset_password_from_key": open_to_all(),
    "account_reset_password_from_key_done": open_to_all(),
    "account_confirm_email": open_to_all(),
    "mfa_authenticate": open_to_all(),
    "mfa_login_webauthn": open_to_all(),
    "openid_connect_login": open_to_all(),
    "openid_connect_callback": open_to_all(),
    "units:invitation-open": open_to_all(),
    "units:invitation-accept": open_to_all(),
    # --- people and the trail ---------------------------------------------------------------------
    "units:person-list": reading(*READERS, ADMINISTRATOR),
    "units:person-create": reading(*KEEPERS),
    "units:person-detail": reading(*READERS, ADMINISTRATOR, opens="units.person"),
    "units:person-edit": reading(*KEEPERS, opens="units.person"),
    "units:party-edit": reading(CLERK, opens="units.person"),
    "units:contact-edit": reading(*KEEPERS, opens="units.person"),
    "units:posting-create": reading(*KEEPERS, opens="units.person"),
    "units:posting-edit": reading(*KEEPERS, opens="units.posting"),
    "units:posting-end": reading(*KEEPERS, opens="units.posting"),
    "units:grading-create": reading(*RECORDERS, opens="units.person"),
    "units:grading-edit": reading(*RECORDERS, opens="units.grading"),
    "units:grading-delete": reading(*RECORDERS, opens="units.grading"),
    "units:eligibility-create": reading(*RECORDERS, opens="units.person"),
    "units:eligibility-edit": reading(*RECORDERS, opens="units.titleeligibility"),
    "units:eligibility-delete": reading(*RECORDERS, opens="units.titleeligibility"),
    "units:initiative-create": reading(*RECORDERS, opens="units.person"),
    "units:initiative-edit": reading(*RECORDERS, opens="units.initiative"),
    "units:initiative-delete": reading(*RECORDERS, opens="units.initiative"),
    "units:discipline-create": reading(CLERK, RECORDS, opens="units.person"),
    "units:discipline-edit": reading(CLERK, RECORDS, opens="units.disciplinaryaction"),
    "units:discipline-delete": reading(CLERK, RECORDS, opens="units.disciplinaryaction"),
    "units:circumstance-create": reading(CLERK, RECORDS, opens="units.person"),
    "units:circumstance-edit": reading(CLERK, RECORDS, opens="units.circumstance"),
    "units:circumstance-end": reading(CLERK, RECORDS, opens="units.circumstance"),
    "units:circumstance-delete": reading(CLERK, RECORDS, opens="units.circumstance"),
    "units:honour-create": reading(*RECORDERS, opens="units.person"),
    "units:honour-correct": reading(CLERK, RECORDS, opens="units.honour"),
    "units:honour-revoke": reading(RECORDS, opens="units.honour"),
    "units:past-decision-create": reading(*RECORDERS),
    "units:unit-record": reading(*READERS, ADMINISTRATOR, opens="units.unit"),
    "units:unit-grading-create": reading(*RECORDERS, opens="units.unit"),
    "units:unit-eligibility-create": reading(*RECORDERS, opens="units.unit"),
    "units:unit-honour-create": reading(*RECORDERS, opens="units.unit"),
    # --- catalogues: public to whoever is signed in, mended at the top --------------------------------
    "units:title-list": reading(*EVERY_ROLE),
    "units:title-edit": reading(ADMINISTRATOR, opens="units.awardtitle", everyone=True, top=True),
    "units:document-list": reading(*EVERY_ROLE),
    "units:document-edit": reading(ADMINISTRATOR, opens="units.legaldocument", everyone=True, top=True),
    # --- units and their reorganisation ---------------------------------------------------------------
    "units:unit-list": reading(*EVERY_ROLE),
    "units:unit-detail": reading(*EVERY_ROLE, opens="units.unit", everyone=True),
    "units:unit-create": reading(ADMINISTRATOR),
    "units:unit-edit": reading(ADMINISTRATOR, opens="units.unit"),
    "units:unit-rename": reading(ADMINISTRATOR, opens="units.unit"),
    "units:reorganisation-list": reading(ADMINISTRATOR, top=True),
    "units:reorganisation-create": reading(ADMINISTRATOR, top=True),
    "units:reorganisation-detail": reading(ADMINISTRATOR, opens="units.reorganisation", top=True),
    "units:reorganisation-units": reading(ADMINISTRATOR, opens="units.reorganisation", top=True),
    "units:reorganisation-unit-add": doing(
        ADMINISTRATOR, opens="units.reorganisation", top=True, own="it asks which unit: unit="
    ),
    "units:reorganisation-unit-remove": doing(
        ADMINISTRATOR, opens="units.reorganisation", top=True, own="it asks which unit: unit="
    ),
    "units:reorganisation-results": reading(ADMINISTRATOR, opens="units.reorganisation", top=True),
    "units:reorganisation-result-choose": doing(
        ADMINISTRATOR, opens="units.reorganisation", top=True, own="it asks which unit: unit="
    ),
    "units:reorganisation-result-add": doing(ADMINISTRATOR, opens="units.reorganisation", top=True),
    "units:reorganisation-result-remove": doing(ADMINISTRATOR, opens="units.reorganisation", top=True),
    "units:reorganisation-heir-choose": doing(ADMINISTRATOR, opens="units.reorganisation", top=True),
    "units:reorganisation-decision": reading(ADMINISTRATOR, opens="units.reorganisation", top=True),
    "units:reorganisation-confirm": doing(ADMINISTRATOR, opens="units.reorganisation", top=True),
    "units:reorganisation-cancel": doing(ADMINISTRATOR, opens="units.reorganisation", top=True),
    "units:reorganisation-reopen": doing(ADMINISTRATOR, opens="units.reorganisation", top=True),
    # --- transfers and what the old unit keeps ----------------------------------------------------------
    "units:transfer-list": reading(CLERK, HEAD, ADMINISTRATOR),
    "units:transfer-create": reading(*KEEPERS, opens="units.person"),
    "units:transfer-cancel": doing(*KEEPERS, opens="units.transfer"),
    "units:transfer-confirm": reading(*KEEPERS, opens="units.transferoffer"),
    "units:transfer-decline": doing(*KEEPERS, opens="units.transferoffer"),
    "units:past-service-list": reading(CLERK, HEAD, ADMINISTRATOR),
    "units:past-service-detail": reading(CLERK, HEAD, ADMINISTRATOR, opens="units.pastservice"),
    # --- tables brought in ------------------------------------------------------------------------------
    "units:import-list": reading(*KEEPERS),
    "units:import-list-workbook": reading(*KEEPERS),
    "units:import-add": reading(*KEEPERS),
    "units:import-template": reading(
        *KEEPERS, opens="units.importbatch", own="its address takes a kind of table, not a row"
    ),
    "units:import-detail": reading(*KEEPERS, opens="units.importbatch", below=False, except_for=(ADMINISTRATOR,)),
    "units:import-detail-workbook": reading(
        *KEEPERS, opens="units.importbatch", below=False, except_for=(ADMINISTRATOR,)
    ),
    "units:import-confirm": doing(*KEEPERS, opens="units.importbatch", below=False, except_for=(ADMINISTRATOR,)),
    "units:import-undo": doing(*KEEPERS, opens="units.importbatch", below=False, except_for=(ADMINISTRATOR,)),
    # --- accounts ---------------------------------------------------------------------------------------
    "units:account-list": reading(ADMINISTRATOR),
    "units:account-invite": reading(ADMINISTRATOR),
    "units:account-detail": reading(ADMINISTRATOR, opens="units.user"),
    "units:membership-grant": reading(ADMINISTRATOR, opens="units.user"),
    "units:membership-end": reading(ADMINISTRATOR, opens="units.membership"),
    "units:account-deactivate": reading(ADMINISTRATOR, opens="units.user"),
    "units:account-activate": reading(ADMINISTRATOR, opens="units.user"),
    "units:account-unlink": reading(ADMINISTRATOR, opens="units.user"),
    "units:email-change": reading(ADMINISTRATOR, opens="units.user"),
    "units:second-factor-reset": reading(ADMINISTRATOR, opens="units.user"),
    "units:invitation-list": reading(ADMINISTRATOR),
    "units:invitation-resend": doing(ADMINISTRATOR, opens="units.invitation"),
    "units:invitation-withdraw": doing(ADMINISTRATOR, opens="units.invitation"),
    # --- rights for a time ------------------------------------------------------------------------------
    "units:grant-list": reading(*EVERY_ROLE),
    "units:grant-add": reading(HEAD, ADMINISTRATOR),
    "units:grant-end": reading(HEAD, ADMINISTRATOR, opens="units.grant"),
    "units:delegation-list": reading(CLERK, HEAD, SECRETARIAT, RECORDS, ADMINISTRATOR),
    "units:delegation-add": reading(HEAD, ADMINISTRATOR),
    "units:delegation-end": reading(CLERK, HEAD, ADMINISTRATOR, opens="units.delegation"),
    "units:trail-person": reading(HEAD, SECRETARIAT, STAFF, ADMINISTRATOR, opens="units.person"),
    "units:trail-unit": reading(HEAD, SECRETARIAT, STAFF, ADMINISTRATOR, opens="units.unit"),
    "units:trail": reading(HEAD, SECRETARIAT, STAFF, ADMINISTRATOR),
    "units:my-openings": reading(*EVERY_ROLE),
    "units:trail-person-workbook": reading(HEAD, SECRETARIAT, STAFF, ADMINISTRATOR, opens="units.person"),
    "units:trail-unit-workbook": reading(HEAD, SECRETARIAT, STAFF, ADMINISTRATOR, opens="units.unit"),
    "units:my-openings-workbook": reading(*EVERY_ROLE),
    # --- campaigns --------------------------------------------------------------------------------
    "campaigns:assignment-list": reading(CLERK, HEAD, SECRETARIAT),
    "campaigns:assignment-detail": reading(CLERK, HEAD, SECRETARIAT, opens="campaigns.assignment"),
    "campaigns:assignment-complete": doing(CLERK, opens="campaigns.assignment", below=False),
    "campaigns:extension-request": doing(CLERK, HEAD, opens="campaigns.assignment", below=False),
    "campaigns:extension-answer": reading(SECRETARIAT, opens="campaigns.extensionrequest"),
    "campaigns:anchor-event-record": reading(CLERK, SECRETARIAT, opens="campaigns.anchorevent", below=False),
    "campaigns:anchor-event-correct": reading(CLERK, SECRETARIAT, opens="campaigns.anchorevent", below=False),
    "campaigns:calendar-day-list": reading(*EVERY_ROLE),
    "campaigns:calendar-day-add": reading(ADMINISTRATOR, top=True),
    "campaigns:calendar-day-remove": doing(ADMINISTRATOR, top=True, own="no day off was recorded in the world"),
    "campaigns:reminder-list": reading(CLERK, HEAD, SECRETARIAT, ADMINISTRATOR),
    "campaigns:reminders-mark-read": doing(CLERK, HEAD, SECRETARIAT, ADMINISTRATOR),
    "campaigns:reminder-settings-edit": reading(CLERK, HEAD),
    "campaigns:calendar-feed": account_page(),
    "campaigns:calendar-feed-renew": account_page("POST"),
    "campaigns:calendar-feed-revoke": account_page("POST"),
    # The secret in the address is the right.
    "campaigns:calendar-feed-read": open_to_all(),
    "campaigns:campaign-list": reading(*READERS),
    "campaigns:campaign-detail": reading(*READERS, opens="campaigns.campaign", everyone=True),
    "campaigns:campaign-edit": reading(SECRETARIAT, STAFF, opens="campaigns.campaign", below=False),
    "campaigns:campaign-clone": reading(SECRETARIAT, STAFF, opens="campaigns.campaign"),
    "campaigns:phase-doors-edit": reading(SECRETARIAT, STAFF, opens="campaigns.phase", below=False),
    "campaigns:campaign-send": doing(SECRETARIAT, STAFF, opens="campaigns.campaign", below=False),
    "campaigns:campaign-response-list": reading(CLERK, HEAD, SECRETARIAT, STAFF, opens="campaigns.campaign"),
    "campaigns:campaign-response-list-workbook": reading(CLERK, HEAD, SECRETARIAT, STAFF, opens="campaigns.campaign"),
    "campaigns:campaign-receipt-list": reading(CLERK, HEAD, SECRETARIAT, STAFF),
    "campaigns:campaign-receipt-list-workbook": reading(CLERK, HEAD, SECRETARIAT, STAFF),
    "campaigns:campaign-acknowledge": doing(CLERK, HEAD, SECRETARIAT, opens="campaigns.campaignreceipt", below=False),
    "campaigns:assignment-list-workbook": reading(CLERK, HEAD, SECRETARIAT),
    "campaigns:extension-list-workbook": reading(SECRETARIAT),
    "campaigns:campaign-list-workbook": reading(*READERS),
    "campaigns:campaign-detail-workbook": reading(*READERS, opens="campaigns.campaign", everyone=True),
    # --- what units file, and the board of those who are owed ---------------------------------------
    "campaigns:indicator-list": reading(*READERS, opens="campaigns.campaign", everyone=True),
    "campaigns:indicator-add": reading(STAFF, SECRETARIAT, opens="campaigns.campaign", below=False),
    "campaigns:indicator-reports-choose": reading(STAFF, SECRETARIAT, opens="campaigns.campaign", below=False),
    "campaigns:indicator-edit": reading(STAFF, SECRETARIAT, opens="campaigns.indicator", below=False),
    "campaigns:indicator-end": reading(STAFF, SECRETARIAT, opens="campaigns.indicator", below=False),
    "campaigns:target-set": reading(STAFF, SECRETARIAT, opens="campaigns.indicator", below=False),
    # Everybody opens the plan's page; the rows on it are those of one's own branch.
    "campaigns:target-overview": reading(HEAD, SECRETARIAT, STAFF, opens="campaigns.campaign", everyone=True),
    "campaigns:target-overview-workbook": reading(HEAD, SECRETARIAT, STAFF, opens="campaigns.campaign", everyone=True),
    "campaigns:target-history": reading(*READERS, opens="units.unit"),
    "campaigns:target-history-workbook": reading(*READERS, opens="units.unit"),
    "campaigns:indicator-report": doing(CLERK, opens="campaigns.submission", below=False),
    "campaigns:submission-start": doing(CLERK, opens="campaigns.assignment", below=False),
    "campaigns:submission-detail": reading(*READERS, opens="campaigns.submission"),
    "campaigns:submission-edit": reading(CLERK, opens="campaigns.submission", below=False),
    "campaigns:paper-add": doing(CLERK, opens="campaigns.submission", below=False),
    "campaigns:paper-remove": doing(CLERK, opens="campaigns.submissionpaper", below=False),
    "campaigns:paper-download": reading(*READERS, opens="campaigns.submissionpaper"),
    "campaigns:title-register": doing(CLERK, opens="campaigns.submission", below=False),
    "campaigns:title-drop": doing(CLERK, opens="campaigns.titleregistration", below=False),
    "campaigns:exemplar-register": doing(CLERK, opens="campaigns.submission", below=False),
    "campaigns:exemplar-drop": doing(CLERK, opens="campaigns.exemplarregistration", below=False),
    "campaigns:submission-check": reading(CLERK, opens="campaigns.submission", below=False),
    "campaigns:submission-send": doing(CLERK, opens="campaigns.submission", below=False),
    "campaigns:submission-withdraw": doing(CLERK, opens="campaigns.submission", below=False),
    "campaigns:submission-receive": doing(SECRETARIAT, opens="campaigns.submission"),
    "campaigns:submission-return": reading(SECRETARIAT, opens="campaigns.submission"),
    "campaigns:submission-approve": doing(SECRETARIAT, opens="campaigns.submission"),
    "campaigns:receipt-check": reading(*READERS),
    "campaigns:filing-board": reading(HEAD, SECRETARIAT, STAFF),
    "campaigns:filing-board-workbook": reading(HEAD, SECRETARIAT, STAFF),
    "campaigns:filing-board-remind": reading(SECRETARIAT, STAFF),
    "campaigns:assignment-remind": doing(SECRETARIAT, STAFF, opens="campaigns.assignment"),
    # --- nominations ------------------------------------------------------------------------------
    "exemplars:nomination-list": reading(*READERS),
    "exemplars:nomination-add": reading(CLERK),
    "exemplars:nomination-detail": reading(*READERS, opens="exemplars.nomination"),
    "exemplars:nomination-trail": reading(HEAD, SECRETARIAT, STAFF, opens="exemplars.nomination"),
    "exemplars:nomination-edit": reading(CLERK, opens="exemplars.nomination", below=False),
    "exemplars:evidence-add": doing(CLERK, opens="exemplars.nomination", below=False),
    "exemplars:nomination-check": reading(CLERK, opens="exemplars.nomination", below=False),
    "exemplars:nomination-submit": doing(CLERK, opens="exemplars.nomination", below=False),
    "exemplars:nomination-withdraw": doing(CLERK, opens="exemplars.nomination", below=False),
    "exemplars:nomination-attest": doing(HEAD, opens="exemplars.nomination"),
    "exemplars:nomination-forward": doing(HEAD, opens="exemplars.nomination"),
    "exemplars:nomination-send-back": reading(HEAD, opens="exemplars.nomination"),
    "exemplars:nomination-return": reading(SECRETARIAT, opens="exemplars.nomination"),
    "exemplars:nomination-accept": doing(SECRETARIAT, opens="exemplars.nomination"),
    "exemplars:nomination-propose": doing(SECRETARIAT, opens="exemplars.nomination"),
    "exemplars:special-case-propose": doing(SECRETARIAT, opens="exemplars.nomination"),
    "exemplars:special-case-grant": doing(HEAD, opens="exemplars.nomination"),
    "exemplars:special-case-refuse": doing(HEAD, opens="exemplars.nomination"),
    "exemplars:unit-year": reading(*READERS, opens="units.unit"),
    "exemplars:movement-record": doing(CLERK, RECORDS, opens="units.unit"),
    "exemplars:candidate-nominate": doing(CLERK, opens="exemplars.candidate"),
    "exemplars:person-criteria": reading(*READERS, opens="units.person"),
    "exemplars:unit-criteria": reading(*READERS, opens="units.unit"),
    "exemplars:evidence-download": reading(*READERS, opens="exemplars.evidence"),
    "exemplars:evidence-remove": doing(CLERK, opens="exemplars.evidence", below=False),
    "exemplars:nomination-list-workbook": reading(*READERS),
    "exemplars:rulebook-list": reading(*READERS),
    "exemplars:rulebook-add": reading(SECRETARIAT),
    "exemplars:rulebook-import": reading(SECRETARIAT),
    "exemplars:rulebook-detail": reading(*READERS, opens="exemplars.rulebookedition", everyone=True),
    "exemplars:rulebook-export": reading(*READERS, opens="exemplars.rulebookedition", everyone=True),
    "exemplars:rulebook-copy": doing(SECRETARIAT, opens="exemplars.rulebookedition", everyone=True),
    "exemplars:rulebook-draft-detail": reading(HEAD, SECRETARIAT, opens="exemplars.rulebookdraft", below=False),
    "exemplars:rulebook-draft-export": reading(HEAD, SECRETARIAT, opens="exemplars.rulebookdraft", below=False),
    "exemplars:rulebook-draft-edit": reading(SECRETARIAT, opens="exemplars.rulebookdraft", below=False),
    "exemplars:rulebook-draft-discard": doing(SECRETARIAT, opens="exemplars.rulebookdraft", below=False),
    "exemplars:rulebook-draft-try": doing(HEAD, SECRETARIAT, opens="exemplars.rulebookdraft", below=False),
    "exemplars:rulebook-draft-publish": doing(HEAD, opens="exemplars.rulebookdraft", below=False),
    "exemplars:recognition-add": reading(SECRETARIAT, opens="exemplars.rulebookdraft", below=False),
    "exemplars:recognition-edit": reading(SECRETARIAT, opens="exemplars.rulebookdraft", below=False),
    "exemplars:recognition-remove": doing(SECRETARIAT, opens="exemplars.rulebookdraft", below=False),
    "exemplars:criterion-add": doing(SECRETARIAT, opens="exemplars.rulebookdraft", below=False),
    "exemplars:criterion-edit": reading(SECRETARIAT, opens="exemplars.rulebookdraft", below=False),
    "exemplars:criterion-remove": doing(SECRETARIAT, opens="exemplars.rulebookdraft", below=False),
    "exemplars:criterion-move": doing(SECRETARIAT, opens="exemplars.rulebookdraft", below=False),
    "exemplars:criterion-part-add": doing(SECRETARIAT, opens="exemplars.rulebookdraft", below=False),
    "exemplars:criterion-part-edit": reading(SECRETARIAT, opens="exemplars.rulebookdraft", below=False),
    "exemplars:criterion-part-remove": doing(SECRETARIAT, opens="exemplars.rulebookdraft", below=False),
    "exemplars:quota-add": reading(SECRETARIAT, opens="exemplars.rulebookdraft", below=False),
    "exemplars:quota-edit": reading(SECRETARIAT, opens="exemplars.rulebookdraft", below=False),
    "exemplars:quota-remove": doing(SECRETARIAT, opens="exemplars.rulebookdraft", below=False),
    "exemplars:what-if-list": reading(SECRETARIAT, STAFF),
    "exemplars:what-if-add": doing(SECRETARIAT, STAFF, opens="exemplars.rulebookedition", everyone=True),
    "exemplars:what-if-detail": reading(SECRETARIAT, STAFF, opens="exemplars.whatif", below=False),
    "exemplars:what-if-copy": doing(SECRETARIAT, STAFF, opens="exemplars.whatif", below=False),
    "exemplars:what-if-edit": reading(SECRETARIAT, STAFF, opens="exemplars.whatif", below=False),
    "exemplars:what-if-start": doing(SECRETARIAT, STAFF, opens="exemplars.whatif", below=False),
    "exemplars:what-if-cancel": doing(SECRETARIAT, STAFF, opens="exemplars.whatif", below=False),
    "exemplars:what-if-workbook": reading(SECRETARIAT, STAFF, opens="exemplars.whatif", below=False),
    "exemplars:what-if-unit-workbook": reading(SECRETARIAT, STAFF, opens="exemplars.whatif", below=False),
    "exemplars:what-if-recognition-edit": reading(SECRETARIAT, STAFF, opens="exemplars.whatif", below=False),
    "exemplars:what-if-criterion-edit": reading(SECRETARIAT, STAFF, opens="exemplars.whatif", below=False),
    "exemplars:what-if-criterion-part-edit": reading(SECRETARIAT, STAFF, opens="exemplars.whatif", below=False),
    "exemplars:what-if-quota-edit": reading(SECRETARIAT, STAFF, opens="exemplars.whatif", below=False),
    "exemplars:rulebook-trial-detail": reading(HEAD, SECRETARIAT, opens="exemplars.rulebooktrial", below=False),
    "exemplars:rulebook-trial-workbook": reading(HEAD, SECRETARIAT, opens="exemplars.rulebooktrial", below=False),
    "exemplars:nomination-trail-workbook": reading(HEAD, SECRETARIAT, STAFF, opens="exemplars.nomination"),
    # --- a council's member -----------------------------------------------------------------------
    "awards:sitting-list": reading(MEMBER),
    "awards:sitting-detail": reading(MEMBER, opens="awards.sitting", below=False),
    "awards:item-review": reading(MEMBER, opens="awards.agendaitem", below=False),
    "awards:item-evidence": reading(MEMBER, opens="awards.agendaitem", below=False),
    "awards:ballot-paper": reading(MEMBER, opens="awards.ballot", below=False),
    "awards:ballot-check": doing(MEMBER, opens="awards.ballot", below=False),
    "awards:ballot-cast": doing(MEMBER, opens="awards.ballot", below=False),
    "awards:ballot-result": reading(MEMBER, opens="awards.ballot", below=False),
    "awards:ballot-papers": reading(MEMBER, opens="awards.ballot", below=False),
    "awards:invitation-answer": doing(MEMBER, opens="awards.sitting", below=False),
    "awards:case-lead": reading(MEMBER, opens="awards.sitting", below=False),
    "awards:ballot-counts": reading(MEMBER, opens="awards.ballot", below=False),
    "awards:ballot-legend": reading(MEMBER, opens="awards.ballot", below=False),
    "awards:conflict-declare": reading(MEMBER, opens="awards.sitting", below=False),
    "awards:ballot-secrecy": account_page(),
    "awards:sitting-list-workbook": reading(MEMBER),
    "awards:sitting-detail-workbook": reading(MEMBER, opens="awards.sitting", below=False),
    # --- a council's secretariat ------------------------------------------------------------------
    "awards:council-sitting-list": reading(SECRETARIAT),
    "awards:council-sitting-add": reading(SECRETARIAT, opens="awards.council", below=False),
    "awards:council-sitting-detail": reading(SECRETARIAT, opens="awards.sitting", below=False),
    "awards:agenda-order": doing(SECRETARIAT, opens="awards.sitting", below=False),
    "awards:agenda-item-add": doing(
        SECRETARIAT, opens="awards.sitting", below=False, own="its case stands on the agenda already"
    ),
    "awards:agenda-item-remove": doing(SECRETARIAT, opens="awards.sitting", below=False),
    "awards:attendance-record": doing(SECRETARIAT, opens="awards.sitting", below=False),
    "awards:sitting-close": doing(SECRETARIAT, opens="awards.sitting", below=False),
    "awards:ballot-add": reading(SECRETARIAT, opens="awards.sitting", below=False),
    "awards:council-ballot-detail": reading(SECRETARIAT, opens="awards.ballot", below=False),
    "awards:ballot-discard": doing(SECRETARIAT, opens="awards.ballot", below=False),
    "awards:ballot-open": reading(SECRETARIAT, opens="awards.ballot", below=False),
    "awards:ballot-close": doing(SECRETARIAT, opens="awards.ballot", below=False),
    "awards:ballot-abandon": doing(SECRETARIAT, opens="awards.ballot", below=False),
    "awards:ballot-count": doing(SECRETARIAT, opens="awards.ballot", below=False),
    "awards:council-ballot-papers": reading(SECRETARIAT, opens="awards.ballot", below=False),
    "awards:council-ballot-counts": reading(SECRETARIAT, opens="awards.ballot", below=False),
    "awards:council-ballot-legend": reading(SECRETARIAT, opens="awards.ballot", below=False),
    "awards:ballot-arrange": reading(SECRETARIAT, opens="awards.ballot", below=False),
    "awards:second-round-add": doing(SECRETARIAT, opens="awards.ballot", below=False),
    "awards:winners-ballot-add": reading(SECRETARIAT, opens="awards.ballot", below=False),
    "awards:conflict-list": reading(SECRETARIAT, opens="awards.sitting", below=False),
    "awards:conflict-add": doing(SECRETARIAT, opens="awards.sitting", below=False),
    "awards:conflict-remove": doing(SECRETARIAT, opens="awards.conflictofinterest", below=False),
    "awards:rule-list": reading(SECRETARIAT),
    "awards:rule-add": reading(SECRETARIAT, opens="awards.votingrule", top=True, everyone=True),
    "awards:council-list-workbook": reading(SECRETARIAT),
    "awards:council-sitting-list-workbook": reading(SECRETARIAT),
    "awards:agenda-workbook": reading(SECRETARIAT, opens="awards.sitting", below=False),
    "awards:attendance-workbook": reading(SECRETARIAT, opens="awards.sitting", below=False),
    "awards:ballot-list-workbook": reading(SECRETARIAT, opens="awards.sitting", below=False),
    "awards:sitting-change": reading(SECRETARIAT, opens="awards.sitting", below=False),
    "awards:members-invite": doing(SECRETARIAT, opens="awards.sitting", below=False),
    "awards:case-discuss": doing(SECRETARIAT, opens="awards.sitting", below=False),
    "awards:agenda-fill": doing(SECRETARIAT, opens="awards.sitting", below=False),
    "awards:agenda-item-move": doing(SECRETARIAT, opens="awards.sitting", below=False),
    "awards:council-list": reading(SECRETARIAT),
    "awards:council-found": reading(SECRETARIAT),
    "awards:council-detail": reading(SECRETARIAT, opens="awards.council", below=False),
    "awards:council-renew": reading(SECRETARIAT, opens="awards.council", below=False),
    "awards:council-end": reading(SECRETARIAT, opens="awards.council", below=False),
    "awards:heads-follow": doing(SECRETARIAT, opens="awards.council", below=False),
    "awards:conference-create": reading(SECRETARIAT, opens="campaigns.clusteryear", everyone=True),
    "awards:council-paper": reading(SECRETARIAT, opens="awards.councilpaper", below=False),
    "awards:seat-give": reading(SECRETARIAT, opens="awards.council", below=False),
    "awards:seat-change": reading(SECRETARIAT, opens="awards.councilmember", below=False),
    "awards:seat-end": reading(SECRETARIAT, opens="awards.councilmember", below=False),
    "awards:substitute-name": reading(SECRETARIAT, opens="awards.sitting", below=False),
    "awards:substitute-withdraw": doing(
        SECRETARIAT, opens="awards.sitting", below=False, own="nobody stands in for its member"
    ),
    # --- decisions --------------------------------------------------------------------------------
    "awards:decision-list": reading(*READERS),
    "awards:decision-detail": reading(*READERS, opens="awards.decision"),
    "awards:decision-revoke": reading(RECORDS, opens="awards.decision", below=False),
    "awards:decision-publish": reading(RECORDS, opens="awards.decision", below=False),
    "awards:bonus-sheet": reading(SECRETARIAT, RECORDS, HEAD, opens="awards.decision"),
    "awards:bonus-sheet-workbook": reading(SECRETARIAT, RECORDS, HEAD, opens="awards.decision"),
    "reports:bonus-paper": reading(SECRETARIAT, RECORDS, HEAD, opens="awards.decision"),
    "awards:bonus-figure-list": reading(*(role for role in EVERY_ROLE if role != MEMBER)),
    "awards:base-salary-add": reading(ADMINISTRATOR, top=True),
    "awards:base-salary-edit": reading(ADMINISTRATOR, opens="awards.basesalary", everyone=True, top=True),
    "awards:bonus-rate-add": reading(ADMINISTRATOR, top=True),
    "awards:bonus-rate-edit": reading(ADMINISTRATOR, opens="awards.bonusrate", everyone=True, top=True),
    "awards:result-list": reading(*(role for role in EVERY_ROLE if role != MEMBER)),
    "awards:results-mark-read": doing(*(role for role in EVERY_ROLE if role != MEMBER)),
    "awards:decision-issue": reading(RECORDS, opens="awards.ballot", below=False, own="its decision was issued"),
    "awards:ballot-conclude": doing(RECORDS, opens="awards.ballot", below=False, own="its decision was issued"),
    "awards:decision-list-workbook": reading(*READERS),
    "awards:decision-detail-workbook": reading(*READERS, opens="awards.decision"),
    # --- dossiers and reports ---------------------------------------------------------------------
    "reports:dossier-request": doing(*READERS, opens="exemplars.nomination"),
    "reports:dossier-detail": reading(*READERS, opens="reports.dossierjob"),
    "reports:dossier-download": reading(*READERS, opens="reports.dossierjob"),
    "reports:campaign-report-list": reading(STAFF, SECRETARIAT, HEAD),
    "reports:campaign-report": reading(STAFF, SECRETARIAT, HEAD, opens="campaigns.campaign", everyone=True),
    "reports:campaign-report-rows": reading(
        STAFF, SECRETARIAT, HEAD, opens="campaigns.campaign", own="it asks which number to explain: ?measure="
    ),
    "reports:campaign-report-workbook": reading(STAFF, SECRETARIAT, HEAD, opens="campaigns.campaign", everyone=True),
    "reports:campaign-report-paper": reading(STAFF, SECRETARIAT, HEAD, opens="campaigns.campaign", everyone=True),
    "reports:campaign-report-list-workbook": reading(STAFF, SECRETARIAT, HEAD),
    "reports:campaign-report-rows-workbook": reading(
        STAFF, SECRETARIAT, HEAD, opens="campaigns.campaign", own="it asks which number to explain: ?measure="
    ),
}

# --- the register's lists as workbooks: each asks for the right of its list ---------------------------
RULES |= {
    "units:person-list-workbook": reading(*READERS, ADMINISTRATOR),
    "units:person-detail-workbook": reading(*READERS, ADMINISTRATOR, opens="units.person"),
    "units:honour-list": reading(*READERS, ADMINISTRATOR),
    "units:honour-list-workbook": reading(*READERS, ADMINISTRATOR),
    "units:unit-record-workbook": reading(*READERS, ADMINISTRATOR, opens="units.unit"),
    "units:unit-list-workbook": reading(*EVERY_ROLE),
    "units:title-list-workbook": reading(*EVERY_ROLE),
    "units:document-list-workbook": reading(*EVERY_ROLE),
    "units:transfer-list-workbook": reading(CLERK, HEAD, ADMINISTRATOR),
    "units:past-service-list-workbook": reading(CLERK, HEAD, ADMINISTRATOR),
    "units:reorganisation-list-workbook": reading(ADMINISTRATOR, top=True),
    "units:account-list-workbook": reading(ADMINISTRATOR),
    "units:invitation-list-workbook": reading(ADMINISTRATOR),
    "units:grant-list-workbook": reading(*EVERY_ROLE),
    "units:delegation-list-workbook": reading(HEAD, CLERK, RECORDS, SECRETARIAT, ADMINISTRATOR),
}

# --- clusters: who belongs is public, kept at the top; what members exchange lies with each as its own rows ------
RULES |= {
    "campaigns:cluster-list": reading(*READERS, ADMINISTRATOR),
    "campaigns:cluster-list-workbook": reading(*READERS, ADMINISTRATOR),
    "campaigns:cluster-create": reading(STAFF, top=True),
    "campaigns:cluster-detail": reading(*READERS, ADMINISTRATOR, opens="campaigns.cluster", everyone=True),
    "campaigns:cluster-year-create": reading(STAFF, opens="campaigns.cluster", top=True),
    "campaigns:cluster-year-detail": reading(*READERS, ADMINISTRATOR, opens="campaigns.clusteryear", everyone=True),
    "campaigns:cluster-year-workbook": reading(*READERS, ADMINISTRATOR, opens="campaigns.clusteryear", everyone=True),
    "campaigns:cluster-year-edit": reading(STAFF, opens="campaigns.clusteryear", top=True),
    "campaigns:cluster-member-add": reading(STAFF, opens="campaigns.clusteryear", top=True),
    "campaigns:cluster-role-choose": reading(STAFF, opens="campaigns.clustermember", top=True),
    "campaigns:cluster-member-remove": doing(STAFF, opens="campaigns.clustermember", top=True),
    "campaigns:cluster-campaign-add": reading(STAFF, opens="campaigns.clusteryear", top=True),
    "campaigns:cluster-campaign-remove": doing(
        STAFF, opens="campaigns.clusteryear", top=True, own="its body names a campaign of the year"
    ),
    "campaigns:handover-announce": reading(STAFF, opens="campaigns.clusteryear", top=True),
    "campaigns:handover-cancel": doing(STAFF, opens="campaigns.clusterhandover", top=True),
    "campaigns:contact-point-edit": reading(CLERK, HEAD, opens="campaigns.clusteryear", everyone=True),
    "campaigns:contact-point-delete": doing(CLERK, HEAD, opens="campaigns.clusteryear", everyone=True),
    "campaigns:cluster-file-download": reading(CLERK, HEAD, SECRETARIAT, opens="campaigns.clusterfile"),
    "campaigns:expected-work-list": reading(CLERK, HEAD, SECRETARIAT),
    "campaigns:expected-work-list-workbook": reading(CLERK, HEAD, SECRETARIAT),
    "campaigns:expected-extension-answer": reading(SECRETARIAT, opens="campaigns.expectedwork", below=False),
    "campaigns:received-filing-list": reading(CLERK, HEAD, SECRETARIAT),
    "campaigns:received-filing-list-workbook": reading(CLERK, HEAD, SECRETARIAT),
    "campaigns:received-filing-detail": reading(CLERK, HEAD, SECRETARIAT, opens="campaigns.receivedfiling"),
    "campaigns:filing-receive": doing(SECRETARIAT, opens="campaigns.receivedfiling"),
    "campaigns:filing-return": reading(SECRETARIAT, opens="campaigns.receivedfiling"),
    "campaigns:filing-approve": doing(SECRETARIAT, opens="campaigns.receivedfiling"),
    "campaigns:pledge-board": reading(CLERK, HEAD, SECRETARIAT, opens="campaigns.clusteryear", everyone=True),
    "campaigns:inspection-plan-create": reading(CLERK, SECRETARIAT, opens="campaigns.clusteryear", everyone=True),
    "campaigns:inspection-plan-detail": reading(CLERK, HEAD, SECRETARIAT, opens="campaigns.inspectionplan"),
    "campaigns:inspection-plan-workbook": reading(CLERK, HEAD, SECRETARIAT, opens="campaigns.inspectionplan"),
    "campaigns:inspection-add": doing(CLERK, SECRETARIAT, opens="campaigns.inspectionplan"),
    "campaigns:team-member-add": doing(CLERK, SECRETARIAT, opens="campaigns.inspectionplan"),
    "campaigns:inspection-plan-announce": doing(CLERK, SECRETARIAT, opens="campaigns.inspectionplan"),
    "campaigns:team-member-remove": doing(CLERK, SECRETARIAT, opens="campaigns.inspectionteammember"),
    "campaigns:inspection-detail": reading(CLERK, HEAD, SECRETARIAT, opens="campaigns.inspection"),
    "campaigns:inspection-remove": doing(CLERK, SECRETARIAT, opens="campaigns.inspection"),
    "campaigns:inspection-end": doing(CLERK, SECRETARIAT, opens="campaigns.inspection"),
    "campaigns:inspection-end-correct": reading(CLERK, SECRETARIAT, opens="campaigns.inspection"),
    "campaigns:inspection-result-send": doing(CLERK, SECRETARIAT, opens="campaigns.inspection"),
    "campaigns:inspection-notice-detail": reading(CLERK, HEAD, SECRETARIAT, opens="campaigns.inspectionnotice"),
    "campaigns:inspection-notice-open": doing(HEAD, opens="campaigns.inspectionnotice"),
    "campaigns:inspected-report-send": doing(CLERK, HEAD, opens="campaigns.inspectionnotice"),
    "campaigns:score-ranking": reading(CLERK, HEAD, SECRETARIAT, opens="campaigns.clusteryear", everyone=True),
    "campaigns:score-ranking-workbook": reading(CLERK, HEAD, SECRETARIAT, opens="campaigns.clusteryear", everyone=True),
    "campaigns:score-sheet-create": reading(CLERK, opens="campaigns.clusteryear", everyone=True),
    "campaigns:score-sheet-detail": reading(CLERK, HEAD, SECRETARIAT, opens="campaigns.scoresheet"),
    "campaigns:score-sheet-workbook": reading(CLERK, HEAD, SECRETARIAT, opens="campaigns.scoresheet"),
    "campaigns:self-score": reading(CLERK, opens="campaigns.scoresheet"),
    "campaigns:inspection-score": reading(CLERK, HEAD, SECRETARIAT, opens="campaigns.scoresheet"),
    "campaigns:standing-score": reading(SECRETARIAT, opens="campaigns.scoresheet"),
    "campaigns:council-score": reading(SECRETARIAT, opens="campaigns.scoresheet"),
    "campaigns:score-sheet-send": doing(HEAD, opens="campaigns.scoresheet"),
    "campaigns:score-sheet-withdraw": doing(HEAD, opens="campaigns.scoresheet"),
    "campaigns:score-sheet-conclude": doing(SECRETARIAT, opens="campaigns.scoresheet"),
    "campaigns:opinion-ask": reading(CLERK, SECRETARIAT, opens="campaigns.clusteryear", everyone=True),
    "campaigns:opinion-round-detail": reading(CLERK, HEAD, SECRETARIAT, opens="campaigns.opinionround"),
    "campaigns:opinion-round-workbook": reading(CLERK, HEAD, SECRETARIAT, opens="campaigns.opinionround"),
    "campaigns:opinion-request-detail": reading(CLERK, HEAD, SECRETARIAT, opens="campaigns.opinionrequest"),
    "campaigns:opinion-answer": doing(CLERK, HEAD, opens="campaigns.opinionrequest"),
    "campaigns:pledge-open": reading(CLERK, SECRETARIAT, opens="campaigns.clusteryear", everyone=True),
    "campaigns:pledge-detail": reading(CLERK, HEAD, SECRETARIAT, opens="campaigns.clusterpledge"),
    "campaigns:pledge-sign": doing(HEAD, opens="campaigns.clusterpledge"),
    "campaigns:plan-draft-list": reading(STAFF, SECRETARIAT),
    "campaigns:plan-draft-add": reading(STAFF, SECRETARIAT),
    "campaigns:plan-draft-detail": reading(STAFF, SECRETARIAT, opens="campaigns.plandraft", below=False),
    "campaigns:plan-draft-edit": reading(STAFF, SECRETARIAT, opens="campaigns.plandraft", below=False),
    "campaigns:plan-draft-launch": doing(STAFF, SECRETARIAT, opens="campaigns.plandraft", below=False),
    "campaigns:plan-draft-drop": doing(STAFF, SECRETARIAT, opens="campaigns.plandraft", below=False),
    "campaigns:plan-items-accept": doing(STAFF, SECRETARIAT, opens="campaigns.plandraft", below=False),
    "campaigns:plan-draft-text": reading(STAFF, SECRETARIAT, opens="campaigns.plandraft", below=False),
    "campaigns:plan-file-download": reading(STAFF, SECRETARIAT, opens="campaigns.plandraft", below=False),
    "campaigns:plan-item-add": reading(STAFF, SECRETARIAT, opens="campaigns.plandraft", below=False),
    "campaigns:plan-pages-add": reading(STAFF, SECRETARIAT, opens="campaigns.plandraftitem", below=False),
    "campaigns:plan-item-accept": doing(STAFF, SECRETARIAT, opens="campaigns.plandraftitem", below=False),
    "campaigns:plan-item-mend": reading(STAFF, SECRETARIAT, opens="campaigns.plandraftitem", below=False),
    "campaigns:plan-item-drop": doing(STAFF, SECRETARIAT, opens="campaigns.plandraftitem", below=False),
}
