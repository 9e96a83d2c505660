"""Who may open what: one line for each address of the project. The test beside this file holds the code to it.

This table is written by hand on purpose, and not derived from the code: a changed permission shows here as a diff
that somebody read. When you add an address, add its line; the failing test prints one to start from. Write

    "app:name": reading(CLERK, HEAD)                         a page without a key in its address
    "app:name": reading(CLERK, opens="app.model")            a page of one row: 404 for the rows of strangers
    "app:name": doing(HEAD, opens="app.model")               an action: answers to POST only

and say with `below=False` that rows of units below one's own stay closed (404), with `own="why"` that not even the
row of `units.isolation.world` opens in the state it is in, and with `everyone=True` that the row is public.

    account_page()   needs an account, no duty: signing out, choosing the duty
    open_to_all()    needs nothing: signing in, signs of life

`Role.MEMBER` acts in the scope of a council: what was put before it, and never its unit's rows besides.
"""

from dataclasses import dataclass

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


def reading(*roles: Role, opens: str = "", below: bool = True, own: str = "", everyone: bool = False) -> Rule:
    return Rule("unit", frozenset(roles), "GET", opens, below, own, everyone)


def doing(*roles: Role, opens: str = "", below: bool = True, own: str = "", everyone: bool = False) -> Rule:
    return Rule("unit", frozenset(roles), "POST", opens, below, own, everyone)


def account_page(method: str = "GET") -> Rule:
    return Rule("account", frozenset(Role), method)


def open_to_all() -> Rule:
    return Rule("open", frozenset(Role))


READERS = (CLERK, HEAD, SECRETARIAT, RECORDS, STAFF)

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
    # --- people and the trail ---------------------------------------------------------------------
    "units:person-detail": reading(*READERS, opens="units.person"),
    "units:trail-person": reading(HEAD, SECRETARIAT, STAFF, opens="units.person"),
    "units:trail-unit": reading(HEAD, SECRETARIAT, STAFF, opens="units.unit"),
    "units:trail": reading(HEAD, SECRETARIAT, STAFF),
    "units:my-openings": reading(*EVERY_ROLE),
    # --- campaigns --------------------------------------------------------------------------------
    "campaigns:assignment-list": reading(CLERK, HEAD, SECRETARIAT),
    "campaigns:assignment-detail": reading(CLERK, HEAD, SECRETARIAT, opens="campaigns.assignment"),
    "campaigns:assignment-complete": doing(CLERK, opens="campaigns.assignment", below=False),
    "campaigns:extension-request": doing(CLERK, HEAD, opens="campaigns.assignment", below=False),
    "campaigns:extension-answer": reading(SECRETARIAT, opens="campaigns.extensionrequest"),
    "campaigns:campaign-list": reading(*READERS),
    "campaigns:campaign-detail": reading(*READERS, opens="campaigns.campaign", everyone=True),
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
    "exemplars:evidence-download": reading(*READERS, opens="exemplars.evidence"),
    "exemplars:evidence-remove": doing(CLERK, opens="exemplars.evidence", below=False),
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
    # --- decisions --------------------------------------------------------------------------------
    "awards:decision-list": reading(*READERS),
    "awards:decision-detail": reading(*READERS, opens="awards.decision"),
    "awards:decision-issue": reading(RECORDS, opens="awards.ballot", below=False, own="its decision was issued"),
    "awards:ballot-conclude": doing(RECORDS, opens="awards.ballot", below=False, own="its decision was issued"),
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
}
