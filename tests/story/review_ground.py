"""A sitting with cases to read, one of them with a paper of two pages and an honour.

Run inside the installation by `manage.py shell`; prints the sitting's key.
"""

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from awards.models import Council
from awards.selectors.councils import list_agenda
from awards.services.sittings import add_agenda_item, add_sitting
from exemplars.models import Nomination
from exemplars.services.assessments import store_assessment
from exemplars.services.evidence import attach_evidence
from tests.builders import person
from units.actors import act_as
from units.clock import now
from units.folding import fold
from units.models import AwardTitle, Honour, Membership, Person, Unit
from units.pdf import lay_out
from units.roles import Role
from units.scoping import maintenance_scope
from units.word_files import sheets_of

WORDS = "Biên bản họp bình xét giả định: đơn vị nhất trí đề nghị xét công nhận điển hình tiên tiến cấp cơ sở. "


def write() -> None:
    with maintenance_scope("the ground of a story"), transaction.atomic():
        # Whatever other stories left or used up: this council, and cases of its own.
        council = Council.objects.select_related("unit").get(unit__code="CTHADS-TNG")
        unit = council.unit
        secretariat = act_as(Membership.objects.select_related("user", "unit").get(unit=unit, role=Role.SECRETARIAT))
        sitting = add_sitting(
            council, title="Xét điển hình năm 2023", held_on=date(2023, 11, 20), place="Phòng họp", actor=secretariat
        )
        like = Nomination.objects.filter(
            campaign__issuer=unit, recognition__code="grassroots-annual", unit__path__startswith=unit.path
        ).first()
        assert like is not None
        place = Unit.objects.get(code="CC-TNG-DINH-HOA")
        for name in ("Lục Thị Đọc Thử", "Mã Văn So Sánh", "Nông Thị Theo Dõi"):
            add_agenda_item(sitting, _accept(like, person(place, name)), actor=secretariat)
        _fill(list_agenda(sitting)[0].nomination)
    print(sitting.pk)  # noqa: T201  what the story asks for


def _accept(like: Nomination, nominee: Person) -> Nomination:
    nomination = Nomination.objects.create(
        unit=nominee.unit,
        campaign=like.campaign,
        recognition=like.recognition,
        year=like.year,
        person=nominee,
        nominee_name=nominee.full_name,
        folded_nominee=fold(nominee.full_name),
        position="Chấp hành viên",
        achievements="Thành tích giả định: hoàn thành 97 % số việc được giao.",
        state="accepted",
        created_by=like.created_by,
        created_at=like.created_at,
        saved_at=like.saved_at,
    )
    store_assessment(nomination, occasion="submit", day=date(2023, 11, 13), at=now())
    return nomination


def _fill(nomination: Nomination) -> None:
    Nomination.objects.filter(pk=nomination.pk).update(state="draft")
    nomination.refresh_from_db()
    clerk = act_as(Membership.objects.select_related("user", "unit").get(unit=nomination.unit, role=Role.CLERK))
    words = sheets_of(f"<h1>Biên bản mẫu</h1>{('<p>' + WORDS * 9 + '</p>') * 9}")
    paper: bytes = lay_out(words).write_pdf()
    attach_evidence(
        nomination,
        SimpleUploadedFile("bien-ban-hai-trang.pdf", paper),
        kind="meeting",
        number="MAU-05/BB",
        issued_on=date(2023, 11, 1),
        actor=clerk,
        at=now(),
    )
    Nomination.objects.filter(pk=nomination.pk).update(state="accepted")
    Honour.objects.create(
        unit=nomination.unit,
        person=nomination.person,
        collective=nomination.collective,
        title=AwardTitle.objects.get(code="grassroots-annual"),
        year=2021,
        decision_number="MAU-12/QĐ",
        decided_on=date(2021, 12, 20),
        issuer="Cục THADS (giả định)",
        subject_name=nomination.nominee_name,
        subject_unit=str(nomination.unit),
    )
