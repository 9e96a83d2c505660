"""Server time of the main pages on the demonstration data: `python bench/pages.py [REPEATS]`.

Brings up servers of its own in a temporary folder, loads the demonstration, opens a draft and a sitting through the
services, and asks each page as the person who uses it. Prints for each page the median of the repeats, its ratio
to the lightest page of the same run, the queries it made and its size. Times hold for one machine and one moment;
compare ratios of one run.
"""

import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from units.actors import Actor

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))
DEFAULT_REPEATS = 15


def main() -> None:
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_REPEATS
    with tempfile.TemporaryDirectory(prefix="thidua-bench-") as folder:
        Path(folder).chmod(0o711)
        os.environ.update(
            DJANGO_SETTINGS_MODULE="config.settings",
            THIDUA_HOME=folder,
            DEMONSTRATION_DAY="2023-11-13",
            PLAIN_STATIC="1",
            LOG_LEVEL="ERROR",
            EMAIL_URL="memorymail://",
            MAIL_CATCHER_DIR=folder,
        )
        from config import embedded, local

        local.fill_environment()
        embedded.start(Path(folder))
        try:
            prepare()
            measure(repeats)
        finally:
            embedded.stop(Path(folder))


def prepare() -> None:
    import subprocess

    for command in (["migrate", "--verbosity=0"], ["load_demonstration"]):
        subprocess.run(  # noqa: S603  our own commands
            [sys.executable, "manage.py", *command], cwd=REPOSITORY, env=os.environ, check=True, capture_output=True
        )
    import django

    django.setup()


def measure(repeats: int) -> None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    rows = []
    for account, name, address in list_pages():
        client = sign_in(Client(SERVER_NAME="localhost"), account)
        page = client.get(address)
        assert page.status_code == 200, (name, address, page.status_code)
        times = []
        for _ in range(repeats):
            before = time.perf_counter()
            client.get(address)
            times.append(time.perf_counter() - before)
        with CaptureQueriesContext(connection) as queries:
            size = len(client.get(address).content)
        rows.append((statistics.median(times), name, len(queries), size))
    lightest = min(row[0] for row in rows)
    print(f"{'page':<44} {'ms':>7} {'ratio':>6} {'queries':>8} {'KB':>6}")
    for median, name, count, size in sorted(rows, reverse=True):
        print(f"{name:<44} {median * 1000:>7.1f} {median / lightest:>6.1f} {count:>8} {size / 1024:>6.1f}")


def sign_in(client: object, username: str) -> object:
    from units.models import User

    user = User.objects.get(username=username.split("@", maxsplit=1)[0])
    client.force_login(user)  # type: ignore[attr-defined]
    if "@" in username:
        membership = user.memberships.get(role=username.split("@")[1])
        client.post("/memberships/choose/", {"membership": str(membership.pk)})  # type: ignore[attr-defined]
    return client


@dataclass(frozen=True, slots=True)
class Made:
    """Ids of the rows whose pages are asked."""

    assignment: UUID
    draft: UUID
    forwarded: UUID
    accepted: UUID
    sitting: UUID
    item: UUID
    person: UUID


def make_rows() -> Made:
    """A draft of Chi cục Định Hóa and a sitting on its accepted nomination, beside what the demonstration holds."""
    from awards.models import Council
    from awards.services.sittings import add_agenda_item, add_sitting
    from campaigns.models import Assignment, Campaign
    from exemplars.models import Nomination
    from exemplars.services.nominations import create_nomination
    from units.actors import act_as
    from units.clock import now, today
    from units.models import AwardTitle, Membership, Person, Unit
    from units.scoping import maintenance_scope

    def actor(unit: str, role: str) -> "Actor":
        return act_as(Membership.objects.select_related("user", "unit").get(unit__code=unit, role=role))

    with maintenance_scope("a benchmark prepares rows of two units"):
        unit = Unit.objects.get(code="CC-TNG-DINH-HOA")
        accepted = Nomination.objects.get(state="accepted", unit=unit)
        forwarded = Nomination.objects.get(state="forwarded", unit=unit)
        person = Person.objects.filter(unit=unit).exclude(pk=forwarded.person_id).first()
        assert person is not None
        draft = create_nomination(
            Campaign.objects.get(code="TNG-DHTT-2023"),
            recognition=AwardTitle.objects.get(code="grassroots-annual"),
            year=2023,
            nominee=person,
            actor=actor(unit.code, "clerk"),
            day=today(),
            at=now(),
        )
        secretariat = actor("CTHADS-TNG", "secretariat")
        sitting = add_sitting(
            Council.objects.select_related("unit").get(), title="Bench", held_on=today(), place="Cục", actor=secretariat
        )
        item = add_agenda_item(sitting, accepted, actor=secretariat)
        assignment = Assignment.objects.filter(unit=unit, last_day__isnull=False).first()
        assert assignment is not None
        return Made(assignment.pk, draft.pk, forwarded.pk, accepted.pk, sitting.pk, item.pk, person.pk)


def list_pages() -> list[tuple[str, str, str]]:
    """Account (and role after @), name and address of the twenty main pages."""
    from django.urls import reverse

    made = make_rows()
    clerk, head = "canbo.dinhhoa", "thutruong.dinhhoa"
    secretariat, records, member, staff = (
        "thuongtruc.thainguyen",
        "vanthu.thainguyen",
        "uyvien1.thainguyen@member",
        "chuyenvien.bo",
    )
    report = ["TNG-DHTT-2023"]
    return [
        (clerk, "work to do", reverse("campaigns:assignment-list")),
        (clerk, "one assignment", reverse("campaigns:assignment-detail", args=[made.assignment])),
        (clerk, "campaigns", reverse("campaigns:campaign-list")),
        (clerk, "one campaign", reverse("campaigns:campaign-detail", args=report)),
        (clerk, "nominations of a unit", reverse("exemplars:nomination-list")),
        (clerk, "search without diacritics", reverse("exemplars:nomination-list") + "?q=dinh+hoa"),
        (clerk, "new nomination", reverse("exemplars:nomination-add")),
        (clerk, "editor with criteria", reverse("exemplars:nomination-edit", args=[made.draft])),
        (clerk, "check before submitting", reverse("exemplars:nomination-check", args=[made.draft])),
        (head, "nomination, head", reverse("exemplars:nomination-detail", args=[made.accepted])),
        (secretariat, "nominations of a bureau", reverse("exemplars:nomination-list")),
        (secretariat, "nomination, secretariat", reverse("exemplars:nomination-detail", args=[made.forwarded])),
        (secretariat, "return with reasons", reverse("exemplars:nomination-return", args=[made.forwarded])),
        (secretariat, "sitting", reverse("awards:council-sitting-detail", args=[made.sitting])),
        (member, "sittings of a member", reverse("awards:sitting-list")),
        (member, "review of a case", reverse("awards:item-review", args=[made.item])),
        (records, "decisions", reverse("awards:decision-list")),
        (staff, "reports", reverse("reports:campaign-report-list")),
        (staff, "consolidated report", reverse("reports:campaign-report", args=report)),
        (staff, "rows behind a number", reverse("reports:campaign-report-rows", args=report) + "?measure=owed"),
        (clerk, "a person's record", reverse("units:person-detail", args=[made.person])),
    ]


if __name__ == "__main__":
    main()
