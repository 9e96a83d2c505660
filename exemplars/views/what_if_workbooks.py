"""The results of a sandbox as workbooks: by name, and by unit."""

from collections.abc import Iterator
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from exemplars.models import WhatIf, WhatIfState
from exemplars.selectors.what_ifs import list_outcomes, name_all
from exemplars.views.what_ifs import get_what_if, label_of
from units.frame import UnitRequest, unit_view
from units.spreadsheets import CHUNK, Cell, CellKind, Column
from units.templatetags.words import VERDICTS
from units.views.workbooks import send_list

LINE_COLUMNS = (
    Column("Cá nhân, tập thể", width=32),
    Column("Đơn vị", width=44),
    Column("Theo bản gốc", width=16),
    Column("Theo giả định", width=16),
    Column("Được hay mất", width=14),
    Column("Tiêu chuẩn khác đi", width=60),
)
UNIT_COLUMNS = (
    Column("Đơn vị", width=44),
    Column("Số được đối chiếu", CellKind.NUMBER),
    Column("Được", CellKind.NUMBER),
    Column("Mất", CellKind.NUMBER),
    Column("Số làm gốc tính tỷ lệ", CellKind.NUMBER),
    Column("Tối đa theo bản gốc", CellKind.NUMBER),
    Column("Tối đa theo giả định", CellKind.NUMBER),
)


@require_GET
@unit_view("exemplars.view_what_if")
def what_if_workbook(request: UnitRequest, pk: UUID) -> HttpResponseBase:
    """Who gains and who loses, as far as in sight."""
    what_if = get_what_if(request, pk)
    if what_if.state != WhatIfState.DONE:
        return _back(what_if)
    return send_list(request, f"Giả định {what_if}", LINE_COLUMNS, _lines(what_if), filters=_stated(what_if))


def _lines(what_if: WhatIf) -> Iterator[tuple[Cell, ...]]:
    for line in name_all(what_if):
        is_gain = (line["was"], line["now"]) in _GAINS
        turned = "; ".join(f"{code}: {_word(was)} → {_word(now)}" for code, was, now in line["criteria"])
        yield (
            line["name"],
            line["unit"].name,
            _word(line["was"]),
            _word(line["now"]),
            "Được" if is_gain else "Mất",
            turned,
        )


_GAINS = {("unmet", "undetermined"), ("unmet", "met"), ("undetermined", "met")}


def _word(status: str) -> str:
    return VERDICTS.get(status, "không xét")


@require_GET
@unit_view("exemplars.view_what_if")
def what_if_unit_workbook(request: UnitRequest, pk: UUID) -> HttpResponseBase:
    """Each unit where anything differs."""
    what_if = get_what_if(request, pk)
    if what_if.state != WhatIfState.DONE:
        return _back(what_if)
    rows = (
        (one.about.name, one.judged, one.gained, one.lost, one.base, one.cap_was, one.cap_now)
        for one in list_outcomes(what_if).defer("changes").iterator(CHUNK)
    )
    return send_list(
        request, f"Giả định {what_if}, theo đơn vị", UNIT_COLUMNS, rows, filters=_stated(what_if), is_personal=False
    )


def _stated(what_if: WhatIf) -> str:
    return f"Hình thức {label_of(what_if)}, năm {what_if.year}, theo dữ liệu ngày {what_if.day:%d/%m/%Y}"


def _back(what_if: WhatIf) -> HttpResponse:
    """There is nothing to send before the end; the page says how far it has come."""
    return redirect(what_if)
