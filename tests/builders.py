"""The shortest valid rows: two branches under one root, a plan, people with or without a record."""

import io
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile

from campaigns.models import Assignment, Campaign, Obligation, Phase, PhaseDoor
from exemplars.services.rulebooks import publish_edition
from units.actors import Actor, act_as
from units.folding import fold
from units.models import (
    AwardTitle,
    Grading,
    Membership,
    PastService,
    Person,
    Posting,
    TitleEligibility,
    Unit,
    User,
)
from units.roles import Role
from units.services.people import add_person

DAY = date(2023, 11, 13)
AT = datetime(2023, 11, 13, 3, 0, tzinfo=UTC)
RULEBOOK = Path("exemplars/data/rulebooks/thads-thai-nguyen-2023.toml")


def unit(code: str, path: str, *, kind: str = "chi-cuc", name: str = "") -> Unit:
    one = draft_unit(code, path, kind=kind, name=name)
    one.parent = Unit.objects.filter(path=path[: -Unit.PATH_STEP]).first()
    one.save()
    return one


def draft_unit(code: str, path: str, *, kind: str = "chi-cuc", name: str = "", parent: Unit | None = None) -> Unit:
    name = name or f"Chi cục {code}"
    return Unit(
        code=code,
        kind=kind,
        name=name,
        short_name=name,
        folded_name=fold(name),
        place="Thái Nguyên",
        province="Thái Nguyên",
        has_legal_personality=True,
        parent=parent,
        path=path,
        valid_from=date(2010, 1, 1),
    )


class Tree:
    """Bộ → Cục → two Chi cục; and a Cục beside it that must stay out of sight."""

    def __init__(self) -> None:
        top = self.ministry = draft_unit("BTP", "0001", kind="bo", name="Bộ Tư pháp")
        bureau = self.bureau = draft_unit(
            "CTHADS-TNG", "00010001", kind="cuc-thads", name="Cục THADS tỉnh Thái Nguyên", parent=top
        )
        self.branch = draft_unit("DAI-TU", "000100010001", name="Chi cục THADS huyện Đại Từ", parent=bureau)
        self.sibling = draft_unit("DINH-HOA", "000100010002", name="Chi cục THADS huyện Định Hóa", parent=bureau)
        self.stranger = draft_unit(
            "CTHADS-CBA", "00010002", kind="cuc-thads", name="Cục THADS tỉnh Cao Bằng", parent=top
        )
        Unit.objects.bulk_create([self.ministry, self.bureau, self.branch, self.sibling, self.stranger])


def user(name: str, *duties: tuple[Unit, Role], ends: date | None = None) -> User:
    account = User.objects.create(username=name, display_name=f"{name} Mẫu", email=f"{name}@example.vn")
    for place, role in duties:
        Membership.objects.create(user=account, unit=place, role=role, valid_from=date(2020, 1, 1), valid_to=ends)
    return account


def actor(place: Unit, role: Role) -> Actor:
    account = user(f"{role.value}.{place.code}.{User.objects.count()}")
    return act_as(Membership.objects.create(user=account, unit=place, role=role, valid_from=date(2020, 1, 1)))


def person(place: Unit, name: str = "Lường Thị Mẫu", *, is_head: bool = False) -> Person:
    one = add_person(
        place, name, staff_code=f"MAU-{Person._base_manager.count()}", gender="female", employment="civil-servant"
    )
    Posting.objects.create(
        unit=place, person=one, position="Chấp hành viên", is_head=is_head, valid_from=date(2020, 1, 1)
    )
    return one


def move_away(one: Person, place: Unit, last_day: date = date(2023, 10, 31)) -> None:
    """What a confirmed transfer leaves behind: the person works at `place`, the old unit remembers them."""
    PastService.objects.create(
        unit=one.unit,
        person=one,
        full_name=one.full_name,
        folded_name=one.folded_name,
        sort_key=one.sort_key,
        staff_code=one.staff_code,
        gender=one.gender,
        employment=one.employment,
        last_day=last_day,
        moved_to=place,
        decision_number="MAU-9/QĐ",
    )
    Person.objects.filter(pk=one.pk).update(unit=place, unit_path=place.path)


def title(code: str, **fields: Any) -> AwardTitle:
    defaults = {
        "name": code,
        "kind": "emulation-title",
        "subject": "person",
        "ladder": "x",
        "rank": 1,
        "level": "grassroots",
        "decider": "Thủ trưởng",
        "citation": "Điều 80",
    }
    return AwardTitle.objects.get_or_create(code=code, defaults=defaults | fields)[0]


def recognition() -> AwardTitle:
    return title("grassroots-annual", name="Điển hình tiên tiến cấp cơ sở hằng năm", kind="recognition", ladder="")


def campaign(issuer: Unit, *units: Unit, last_day: date | None = date(2023, 11, 20)) -> Campaign:
    """A campaign 2021–2025 in which `units` owe nominations until the end of `last_day`; criteria are published."""
    one = Campaign.objects.create(
        code="TNG-DHTT-2023",
        title="Xây dựng điển hình tiên tiến",
        kind="period",
        issuer=issuer,
        plan_name="Kế hoạch tháng 02/2023",
        opens_on=date(2021, 1, 1),
        closes_on=date(2025, 12, 31),
    )
    obligation(one, "DE-NGHI", *units, kind="nomination", last_day=last_day, awards=["grassroots-annual"])
    publish_edition(RULEBOOK.read_text(encoding="utf-8"))
    recognition()
    return one


def obligation(one: Campaign, code: str, *units: Unit, last_day: date | None, **fields: Any) -> Obligation:
    duty = Obligation.objects.create(
        campaign=one,
        code=code,
        title=f"Việc {code}",
        owed_to=one.issuer,
        last_day=last_day,
        citation="Kế hoạch tháng 02/2023, III.2",
        **({"kind": "report"} | fields),
    )
    for place in units:
        Assignment.objects.create(obligation=duty, unit=place, last_day=last_day)
    return duty


def phase(one: Campaign, code: str, first: date, last: date, **doors: tuple[date, date]) -> Phase:
    """A phase with its doors by name, as `vote=(first, last)`."""
    made = Phase.objects.create(
        campaign=one, code=code, title=f"Đợt {code}", opens_on=first, closes_on=last, citation="Kế hoạch, mục I"
    )
    for door, (opens_on, closes_on) in doors.items():
        PhaseDoor.objects.create(phase=made, door=door, opens_on=opens_on, closes_on=closes_on)
    return made


def excellent(one: Person, year: int = 2023) -> None:
    """Everything in the record that papers can show for B-C1 and G2."""
    paper = {"decision_number": "MAU-1/QĐ", "decided_on": date(year, 11, 6)}
    Grading.objects.create(unit=one.unit, person=one, year=year, grade="excellent", **paper)
    TitleEligibility.objects.create(unit=one.unit, person=one, title=title("CSTDCS"), year=year, **paper)


def pdf(name: str = "quyết định.pdf", pages: int = 1) -> SimpleUploadedFile:
    document, buffer = pikepdf.new(), io.BytesIO()
    for _ in range(pages):
        document.add_blank_page(page_size=(595, 842))
    document.save(buffer, deterministic_id=True)
    return SimpleUploadedFile(name, buffer.getvalue())
