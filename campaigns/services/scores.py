"""Score sheets from the unit's own column to the council's, and templates from their files."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns.models import (
    ClusterYear,
    InspectionTeamMember,
    ScoreColumn,
    ScoreEntry,
    ScoreSheet,
    ScoreTemplate,
    SheetSide,
    SheetState,
)
from campaigns.scoring import add_up, find_wrong, read_shipped_tables
from campaigns.selectors.clusters import find_acting_head
from campaigns.selectors.scores import (
    COLUMNS,
    find_following,
    find_previous,
    list_sheets,
    read_reported,
    read_template,
)
from campaigns.selectors.targets import office_day
from campaigns.services.crossing import both_sides, require_membership
from campaigns.services.team_sheets import drop_team_sheets, lay_team_sheets, list_team, share_columns
from units.actors import Actor
from units.folding import nfc
from units.models import Unit
from units.refusals import RefusedError
from units.services.audit import record_act


@dataclass(frozen=True, slots=True)
class Score:
    """What somebody gives one item, with the evidence or the reason they write."""

    points: Decimal
    words: str = ""


class ChangedTemplateError(RuntimeError):
    """A file changed under the number of a version that is published already."""


@transaction.atomic
def load_score_templates() -> int:
    """Publish the shipped versions that are not published yet; return how many were new.

    A published version is never changed: a file that differs from it needs a new version number.
    """
    fresh = 0
    for table, text in read_shipped_tables():
        digest = hashlib.sha256(text.encode()).hexdigest()
        standing = ScoreTemplate.objects.filter(code=table.code, version=table.version).first()
        if standing is None:
            ScoreTemplate.objects.create(
                code=table.code,
                version=table.version,
                title=table.title,
                citation=table.citation,
                first_year=table.first_year,
                last_year=table.last_year,
                is_confirmed=table.is_confirmed,
                document=text,
                sha256=digest,
            )
            fresh += 1
        elif standing.sha256 != digest:
            raise ChangedTemplateError(
                f"Bảng chấm điểm «{table.code}» bản {table.version} đã công bố nên không đổi được; "
                "tăng «version» trong tệp rồi nạp lại."
            )
    return fresh


def _lock(sheet: ScoreSheet, side: SheetSide, actor: Actor) -> ScoreSheet:
    sheet = list_sheets().select_for_update(of=("self",)).get(pk=sheet.pk)
    if sheet.unit_id != actor.unit.pk or sheet.side != side:
        raise RefusedError(
            f"Bảng chấm điểm này do {sheet.unit} giữ.",
            why="Mỗi bên chỉ ghi vào bản của mình.",
            remedy=f"Liên hệ {sheet.unit}.",
        )
    if sheet.state == SheetState.CONCLUDED:
        raise RefusedError("Điểm đã chốt nên không sửa được.", remedy="Xem kết quả ở bảng này.")
    return sheet


# The unit's own side


@transaction.atomic
def create_score_sheet(year: ClusterYear, template: ScoreTemplate, *, actor: Actor) -> ScoreSheet:
    """Begin the unit's own sheet for a year. Refuses a unit outside the cluster, and a second sheet."""
    require_membership(year, actor.unit)
    try:
        with transaction.atomic():
            sheet = ScoreSheet.objects.create(
                unit=actor.unit, about=actor.unit, year=year, template=template, side=SheetSide.MEMBER
            )
    except IntegrityError as error:
        raise RefusedError(
            f"{actor.unit} đã có bảng chấm điểm năm {year.year}.", remedy="Mở bảng đã có ở trang của năm."
        ) from error
    record_act("create-score-sheet", sheet, actor=actor, year=year.year)
    return sheet


@transaction.atomic
def score_self(sheet: ScoreSheet, scores: Mapping[str, Score], *, actor: Actor) -> ScoreSheet:
    """Write the unit's own column with its evidence; only while the sheet was not sent."""
    sheet = _lock(sheet, SheetSide.MEMBER, actor)
    if sheet.state != SheetState.DRAFT:
        raise RefusedError(
            "Bảng đã gửi nên không sửa được.",
            why="Đơn vị chủ trì đang chấm trên bản đã gửi.",
            remedy="Thủ trưởng rút về để sửa khi chưa ai chấm.",
        )
    _write_column(sheet, ScoreColumn.SELF, scores)
    record_act("score-self", sheet, actor=actor, total=str(sheet.total_self))
    return sheet


def _write_column(sheet: ScoreSheet, column: ScoreColumn, scores: Mapping[str, Score]) -> None:
    """Replace a column by `scores`, which must say something of every item, and sum it up."""
    table = read_template(sheet.template)
    for item in table.items:
        given = scores.get(item.code)
        wrong = "Chưa có điểm." if given is None else find_wrong(item, given.points)
        if wrong:
            raise RefusedError(f"{item.code}, {item.title}: {wrong}", remedy="Sửa điểm của tiêu chí này rồi lưu lại.")
    sheet.entries.filter(column=column).delete()
    is_own = column == ScoreColumn.SELF
    ScoreEntry.objects.bulk_create(
        ScoreEntry(
            unit=sheet.unit,
            sheet=sheet,
            item=item.code,
            column=column,
            points=scores[item.code].points,
            evidence=nfc(scores[item.code].words).strip() if is_own else "",
            reason="" if is_own else nfc(scores[item.code].words).strip(),
        )
        for item in table.items
    )
    name = f"total_{column}"
    setattr(sheet, name, add_up(scores[item.code].points for item in table.items))
    sheet.save(update_fields=[name])


@transaction.atomic
def send_score_sheet(sheet: ScoreSheet, *, actor: Actor, at: datetime) -> ScoreSheet:
    """Send the unit's column to who leads the year: a copy is laid there, the unit's own is closed.

    What the unit reported of the items' indicators goes along as it stands now.

    Refuses a column that is not filled, and a year that nobody leads.
    """
    sheet = _lock(sheet, SheetSide.MEMBER, actor)
    if sheet.state != SheetState.DRAFT:
        raise RefusedError("Bảng đã gửi.", remedy="Không cần gửi lại.")
    if sheet.total_self is None:
        raise RefusedError("Chưa chấm điểm.", remedy="Ghi điểm từng tiêu chí rồi lưu, sau đó gửi.")
    head = find_acting_head(sheet.year)
    if head is None:
        raise RefusedError(
            f"{sheet.year} chưa có đơn vị trưởng để gửi tới.",
            remedy=f"Đề nghị {sheet.year.cluster.keeper} ghi đơn vị trưởng theo quyết định.",
        )
    sheet.reported = read_reported(sheet, office_day(at))
    sheet.state, sheet.sent_at = SheetState.SENT, at
    sheet.save(update_fields=["state", "sent_at", "reported"])
    record_act("send-score-sheet", sheet, actor=actor, to=head.short_name, total=str(sheet.total_self))
    own = list(sheet.entries.all())
    with both_sides():
        copy = ScoreSheet.objects.create(
            unit=head,
            about=sheet.about,
            year=sheet.year,
            template=sheet.template,
            side=SheetSide.HEAD,
            state=SheetState.SENT,
            total_self=sheet.total_self,
            sent_at=at,
            reported=sheet.reported,
        )
        _copy_entries(own, copy)
        record_act("receive-score-sheet", copy, actor=actor, source=sheet.about.short_name)
    lay_team_sheets(sheet.year, sheet.about, day=timezone.localdate(at))
    return sheet


def _copy_entries(entries: list[ScoreEntry], sheet: ScoreSheet) -> None:
    ScoreEntry.objects.bulk_create(
        ScoreEntry(
            unit=sheet.unit,
            sheet=sheet,
            item=one.item,
            column=one.column,
            points=one.points,
            evidence=one.evidence,
            reason=one.reason,
        )
        for one in entries
    )


@transaction.atomic
def withdraw_score_sheet(sheet: ScoreSheet, *, actor: Actor) -> ScoreSheet:
    """Take a sent sheet back to mend it, while nobody scored on the copy that was sent."""
    sheet = _lock(sheet, SheetSide.MEMBER, actor)
    if sheet.state != SheetState.SENT:
        raise RefusedError("Bảng chưa gửi.", remedy="Sửa trực tiếp trên bảng.")
    with both_sides():
        copy = ScoreSheet.objects.select_for_update(of=("self",)).get(
            year=sheet.year, about=sheet.about, side=SheetSide.HEAD
        )
        is_scored = find_following(copy, ScoreColumn.SELF) is not None
        if not is_scored:
            copy.delete()
            drop_team_sheets(sheet.year, sheet.about)
    if is_scored:
        raise RefusedError(
            "Đơn vị chủ trì đã chấm nên không rút về được.",
            why="Điểm của Đoàn kiểm tra, Thường trực hoặc Hội đồng đã ghi trên bản đã gửi.",
            remedy="Gửi ý kiến bằng văn bản tới đơn vị chủ trì.",
        )
    sheet.state, sheet.sent_at, sheet.reported = SheetState.DRAFT, None, {}
    sheet.save(update_fields=["state", "sent_at", "reported"])
    record_act("withdraw-score-sheet", sheet, actor=actor)
    return sheet


# The head's side


@transaction.atomic
def score_by_inspection(sheet: ScoreSheet, scores: Mapping[str, Score], *, actor: Actor) -> ScoreSheet:
    """Write the team's column, on the head's sheet or on the copy of a member's own unit. Only the team may."""
    if sheet.side == SheetSide.TEAM:
        return _score_elsewhere(sheet, scores, actor)
    sheet = _lock(sheet, SheetSide.HEAD, actor)
    team = InspectionTeamMember.objects.filter(plan__year=sheet.year, plan__inspections__inspected=sheet.about)
    if not team.filter(office__user=actor.account).exists():
        raise _not_of_team(sheet, actor)
    scored = _score(sheet, ScoreColumn.INSPECTION, scores, actor)
    with both_sides():
        share_columns(scored)
    return scored


def _score_elsewhere(sheet: ScoreSheet, scores: Mapping[str, Score], actor: Actor) -> ScoreSheet:
    """What a member of the team writes on the copy in their own unit, while the inspection lasts."""
    copy = list_sheets().get(pk=sheet.pk)
    if copy.unit_id != actor.unit.pk:
        raise RefusedError(f"Bảng chấm điểm này do {copy.unit} giữ.", remedy=f"Liên hệ {copy.unit}.")
    with both_sides():
        if not list_team(copy.year, copy.about).filter(office__user=actor.account, office__unit=actor.unit).exists():
            raise _not_of_team(copy, actor)
        at_head = (
            list_sheets().select_for_update(of=("self",)).get(year=copy.year, about=copy.about, side=SheetSide.HEAD)
        )
        share_columns(_score(at_head, ScoreColumn.INSPECTION, scores, actor))
    copy = list_sheets().get(pk=sheet.pk)
    record_act("score-sheet", copy, actor=actor, column=ScoreColumn.INSPECTION.label, total=str(copy.total_inspection))
    return copy


def _not_of_team(sheet: ScoreSheet, actor: Actor) -> RefusedError:
    return RefusedError(
        f"{actor.account} không ở trong Đoàn kiểm tra {sheet.about}.",
        why="Cột này là điểm của Đoàn kiểm tra, do thành viên Đoàn ghi cho tới khi gửi kết quả.",
        remedy="Thành viên Đoàn đăng nhập bằng tư cách đã được cử vào Đoàn và ghi điểm.",
    )


@transaction.atomic
def score_by_standing_body(sheet: ScoreSheet, scores: Mapping[str, Score], *, actor: Actor) -> ScoreSheet:
    """Write the standing body's column, with a reason wherever it differs."""
    return _score(_lock(sheet, SheetSide.HEAD, actor), ScoreColumn.STANDING, scores, actor)


@transaction.atomic
def score_by_council(sheet: ScoreSheet, scores: Mapping[str, Score], *, actor: Actor) -> ScoreSheet:
    """Write what the council settled, with a reason wherever it differs."""
    return _score(_lock(sheet, SheetSide.HEAD, actor), ScoreColumn.COUNCIL, scores, actor)


def _score(sheet: ScoreSheet, column: ScoreColumn, scores: Mapping[str, Score], actor: Actor) -> ScoreSheet:
    """Refuses a column that a later one was scored against, and a difference without a reason."""
    later = find_following(sheet, column)
    if later:
        raise RefusedError(
            f"Cột «{column.label}» không sửa được nữa.",
            why=f"Cột «{later.label}» đã chấm dựa trên cột này.",
            remedy="Ghi điểm và lý do ở cột sau.",
        )
    previous = find_previous(sheet, column)
    before = dict(sheet.entries.filter(column=previous).values_list("item", "points"))
    for item in read_template(sheet.template).items:
        given = scores.get(item.code)
        if given and given.points != before[item.code] and not given.words.strip():
            raise RefusedError(
                f"{item.code}, {item.title}: điểm khác cột trước mà chưa có lý do.",
                why="Mỗi chênh lệch phải nói rõ vì sao, để đơn vị được chấm biết.",
                remedy="Ghi lý do rồi lưu lại.",
            )
    _write_column(sheet, column, scores)
    record_act("score-sheet", sheet, actor=actor, column=column.label, total=str(sheet.total(column)))
    return sheet


@transaction.atomic
def conclude_score_sheet(sheet: ScoreSheet, *, actor: Actor, at: datetime) -> ScoreSheet:
    """Close the sheet with the council's column; the unit gets every column and reason on its own sheet.

    Refuses a sheet whose council column is not filled.
    """
    sheet = _lock(sheet, SheetSide.HEAD, actor)
    if sheet.total_council is None:
        raise RefusedError("Hội đồng chưa cho điểm.", remedy="Ghi cột Hội đồng rồi chốt.")
    _conclude(sheet, at)
    record_act("conclude-score-sheet", sheet, actor=actor, total=str(sheet.total_council))
    later = list(sheet.entries.exclude(column=ScoreColumn.SELF))
    with both_sides():
        drop_team_sheets(sheet.year, sheet.about)
        own = (
            ScoreSheet.objects.select_for_update(of=("self",))
            .select_related("unit", "about")
            .get(year=sheet.year, about=sheet.about, side=SheetSide.MEMBER)
        )
        for column in COLUMNS[1:]:
            setattr(own, f"total_{column}", sheet.total(column))
        own.save(update_fields=[f"total_{column}" for column in COLUMNS[1:]])
        _conclude(own, at)
        _copy_entries(later, own)
        record_act("receive-final-scores", own, actor=actor, total=str(sheet.total_council))
    return sheet


def _conclude(sheet: ScoreSheet, at: datetime) -> None:
    sheet.state, sheet.concluded_at = SheetState.CONCLUDED, at
    sheet.save(update_fields=["state", "concluded_at"])


def follow_unit(year: ClusterYear, source: Unit, heir: Unit) -> None:
    """Let the sheets of a unit that ends, which are not concluded, speak of its heir."""
    open_sheets = ScoreSheet.objects.filter(year=year, about=source).exclude(state=SheetState.CONCLUDED)
    own = list(open_sheets.filter(side=SheetSide.MEMBER))
    ScoreEntry.objects.filter(sheet__in=own).update(unit=heir, unit_path=heir.path)
    ScoreSheet.objects.filter(pk__in=[one.pk for one in own]).update(unit=heir, unit_path=heir.path)
    open_sheets.update(about=heir)
