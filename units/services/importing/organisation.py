"""Tables of units. Adding is all they do: names, parents and ends change by reorganisation, with its date."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from units.folding import fold
from units.imports import Choice, Field, FieldKind, Layout
from units.models import ImportKind, Placement, Unit, UnitKind, UnitName, Verdict
from units.services.custody import DIGITS, path_step
from units.services.importing.ground import (
    Finding,
    Ground,
    Row,
    RowRefusedError,
    Written,
    compare,
    snapshot,
    update_rows,
    written,
)

_FLAGS = (Choice("yes", "Có"), Choice("no", "Không"))


class UnitsHandler:
    kind = ImportKind.UNITS
    permission = "units.import_units"
    titles = {"province": "Tỉnh", "has_legal_personality": "Có tư cách pháp nhân"}
    fixed = {"kind": "Loại đơn vị", "name": "Tên đơn vị", "short_name": "Tên gọi tắt", "place": "Địa danh"}

    def layout(self) -> Layout:
        return Layout(
            "units",
            ImportKind.UNITS.label,
            (
                Field("ordinal", "STT", aliases=("TT", "Số thứ tự"), hint="Không bắt buộc.", example="Ví dụ"),
                Field(
                    "code",
                    "Mã đơn vị",
                    is_required=True,
                    is_code=True,
                    max_length=40,
                    hint="Chữ không dấu, số và gạch nối, ví dụ THADS-MAU-01; không trùng trong toàn hệ thống.",
                    example="MAU-01",
                ),
                Field(
                    "kind",
                    "Loại đơn vị",
                    FieldKind.CHOICE,
                    is_required=True,
                    aliases=("Loại",),
                    choices=tuple(Choice(one.value, str(one.label)) for one in UnitKind),
                    hint="Chọn trong danh sách.",
                    example=UnitKind.OFFICE.label,
                ),
                Field("name", "Tên đơn vị", is_required=True, hint="Tên đầy đủ.", example="Phòng Mẫu thuộc Cục Mẫu"),
                Field("short_name", "Tên gọi tắt", is_required=True, max_length=120, example="Phòng Mẫu"),
                Field(
                    "parent",
                    "Đơn vị cấp trên",
                    aliases=("Mã đơn vị cấp trên", "Cấp trên", "Trực thuộc"),
                    hint="Mã hoặc đúng tên; có thể là đơn vị ở dòng khác của tệp này. Để trống là đơn vị của đồng chí.",
                ),
                Field("province", "Tỉnh", max_length=60, aliases=("Tỉnh, thành phố",), hint="Không bắt buộc."),
                Field(
                    "place",
                    "Địa danh trên văn bản",
                    is_required=True,
                    max_length=60,
                    aliases=("Địa danh",),
                    hint="Địa danh ghi trước ngày tháng trên văn bản.",
                    example="Nơi Mẫu",
                ),
                Field(
                    "has_legal_personality",
                    "Có tư cách pháp nhân",
                    FieldKind.FLAG,
                    aliases=("Tư cách pháp nhân",),
                    choices=_FLAGS,
                    hint="Có hoặc Không; để trống là Không.",
                    example="Không",
                ),
                Field(
                    "valid_from",
                    "Từ ngày",
                    FieldKind.DAY,
                    is_required=True,
                    aliases=("Ngày thành lập", "Ngày bắt đầu"),
                    hint="Ngày đầu tiên đơn vị hoạt động.",
                    example="01/01/2020",
                ),
            ),
        )

    def judge(self, rows: Iterable[Row], ground: Ground) -> Iterable[Finding | RowRefusedError]:
        """Parents first, wherever they stand in the file; the answers come back in the order of the rows."""
        rows = list(rows)
        codes = {row.text("code") for row in rows}
        everywhere = {one.code: one for one in Unit.objects.filter(code__in=codes)}
        paths = _Paths(ground)
        answers: dict[int, Finding | RowRefusedError] = {}
        new: dict[str, Unit] = {}
        waiting = rows
        while waiting:
            left = []
            coming = {fold(row.text("code")) for row in waiting}
            for row in waiting:
                # A parent that is itself a row still to come is waited for.
                parent = fold(row.text("parent"))
                if parent in coming and parent != fold(row.text("code")):
                    left.append(row)
                    continue
                answers[row.number] = self._answer(row, ground, everywhere, new, paths)
            if len(left) == len(waiting):
                circle = RowRefusedError("parent", "các dòng lấy nhau làm cấp trên theo vòng tròn; sửa cột này.")
                answers |= {row.number: circle for row in left}
                break
            waiting = left
        return [answers[row.number] for row in rows]

    def _answer(
        self, row: Row, ground: Ground, everywhere: dict[str, Unit], new: dict[str, Unit], paths: "_Paths"
    ) -> Finding | RowRefusedError:
        try:
            return self._judge(row, ground, everywhere, new, paths)
        except RowRefusedError as refusal:
            return refusal

    def _judge(
        self, row: Row, ground: Ground, everywhere: dict[str, Unit], new: dict[str, Unit], paths: "_Paths"
    ) -> Finding:
        code = row.text("code")
        ground.claim((code,), row)
        if not code.isascii() or not code.replace("-", "").replace("_", "").isalnum():
            raise RowRefusedError("code", f"«{code}» có ký tự không dùng được; chỉ dùng chữ không dấu, số và gạch nối.")
        parent = new.get(fold(row.text("parent"))) or ground.find_unit(row, "parent")
        standing = everywhere.get(code)
        if standing:
            return self._compare(row, ground, standing, parent)
        since = row.values["valid_from"]
        if since < parent.valid_from:
            raise RowRefusedError(
                "valid_from", f"ở trước ngày đơn vị cấp trên bắt đầu ({parent.valid_from:%d/%m/%Y}); sửa ngày."
            )
        if since > ground.day:
            raise RowRefusedError(
                "valid_from", "ở sau hôm nay. Đơn vị lập trong tương lai được lập ở «Sắp xếp tổ chức»."
            )
        unit = Unit(
            code=code,
            kind=row.values["kind"],
            name=row.text("name"),
            short_name=row.text("short_name"),
            folded_name=fold(f"{row.text('name')} {row.text('short_name')}"),
            province=row.text("province"),
            place=row.text("place"),
            has_legal_personality=bool(row.values.get("has_legal_personality")),
            parent=parent,
            path=paths.next_below(parent),
            valid_from=since,
        )
        new.setdefault(fold(code), unit)
        return Finding(unit, Verdict.NEW)

    def _compare(self, row: Row, ground: Ground, standing: Unit, parent: Unit) -> Finding:
        ours = ground.units.get(standing.pk)
        if ours is None:
            raise RowRefusedError("code", f"mã «{standing.code}» đã được dùng; chọn mã khác.")
        differing = [title for key, title in self.fixed.items() if row.values[key] != getattr(ours, key)]
        differing += ["Đơn vị cấp trên"] if row.is_given("parent") and ours.parent_id != parent.pk else []
        differing += ["Từ ngày"] if row.values["valid_from"] != ours.valid_from else []
        if differing:
            raise RowRefusedError(
                "code",
                f"đơn vị mã «{ours.code}» đã có và khác ở: {', '.join(differing)}. "
                "Đổi tên, chuyển cấp trên được làm ở «Sắp xếp tổ chức», có ngày và căn cứ.",
            )
        before = snapshot(ours)
        changes = compare(row, ours, self.titles, {key: row.values.get(key) for key in self.titles})
        return Finding(ours, Verdict.CHANGE if changes else Verdict.SAME, changes, before)

    def write(self, findings: Iterable[Finding]) -> list[list[Written]]:
        """Units with their first name and their first place in the tree, parents before children."""
        findings = list(findings)
        new = [one.target for one in findings if one.verdict is Verdict.NEW and isinstance(one.target, Unit)]
        Unit.objects.bulk_create(sorted(new, key=lambda unit: len(unit.path)), batch_size=1000)
        names = UnitName.objects.bulk_create(
            UnitName(unit=one, name=one.name, short_name=one.short_name, place=one.place, valid_from=one.valid_from)
            for one in new
        )
        placements = Placement.objects.bulk_create(
            Placement(unit=one, parent=one.parent, valid_from=one.valid_from) for one in new
        )
        changed = [one.target for one in findings if one.verdict is Verdict.CHANGE and isinstance(one.target, Unit)]
        update_rows(Unit, changed, self.titles)
        beside: dict[Any, list[Written]] = defaultdict(list)
        for name in names:
            beside[name.unit_id].append(written(name, None))
        for placement in placements:
            beside[placement.unit_id].append(written(placement, None))
        return [
            [written(one.target, one.before), *beside[one.target.pk]] if isinstance(one.target, Unit) else []
            for one in findings
        ]


class _Paths:
    """Free paths below any unit of the branch: one query, whatever the number of new units."""

    def __init__(self, ground: Ground) -> None:
        self._last: dict[str, int] = defaultdict(int)
        for path in Unit.objects.below(ground.unit.path).values_list("path", flat=True):
            above, step = path[: -Unit.PATH_STEP], path[-Unit.PATH_STEP :]
            self._last[above] = max(self._last[above], int(step, len(DIGITS)))

    def next_below(self, parent: Unit) -> str:
        self._last[parent.path] += 1
        return parent.path + path_step(self._last[parent.path])
