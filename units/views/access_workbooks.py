"""Lists of accounts, invitations and rights for a time as Excel workbooks."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from units.clock import now, shown_time, today
from units.forms.accounts import AccountFilterForm
from units.frame import UnitRequest, unit_view
from units.models import Delegation, Grant, Invitation, User
from units.selectors.accounts import current_ids, list_accounts, list_invitations
from units.selectors.rights import delegations_standing, grants_standing, list_delegations, list_grants
from units.spreadsheets import CHUNK, Cell, CellKind, Column
from units.templatetags.words import delegation_scope
from units.views.workbooks import back_to_list, in_batches, send_list, state_filters

ACCOUNT_COLUMNS = (
    Column("Người dùng", width=32),
    Column("Tên đăng nhập", width=24),
    Column("Thư điện tử", width=32),
    Column("Tư cách trong phạm vi", width=60),
    Column("Hai yếu tố", width=10),
    Column("Đang hoạt động", width=12),
    Column("Đăng nhập gần nhất", CellKind.MOMENT),
)
INVITATION_COLUMNS = (
    Column("Người được mời", width=32),
    Column("Thư điện tử", width=32),
    Column("Vai trò", width=24),
    Column("Đơn vị", width=44),
    Column("Người mời", width=32),
    Column("Mời lúc", CellKind.MOMENT),
    Column("Hạn nhận", CellKind.MOMENT),
    Column("Tình trạng", width=16),
)
_TIME = (
    Column("Từ ngày", CellKind.DAY),
    Column("Đến hết ngày", CellKind.DAY),
    Column("Tình trạng", width=20),
    Column("Chấm dứt lúc", CellKind.MOMENT),
    Column("Lý do chấm dứt", width=44),
)
GRANT_COLUMNS = (
    Column("Người được phép", width=32),
    Column("Tư cách làm căn cứ", width=44),
    Column("Được xem", width=36),
    Column("Tại", width=44),
    Column("Căn cứ", width=44),
    Column("Người cho phép", width=44),
    *_TIME,
)
DELEGATION_COLUMNS = (
    Column("Nhiệm vụ của", width=44),
    Column("Giao cho", width=44),
    Column("Hình thức", width=44),
    Column("Phạm vi", width=36),
    Column("Văn bản giao", width=20),
    Column("Ngày văn bản", CellKind.DAY),
    *_TIME,
)


@require_GET
@unit_view("units.view_account")
def account_list_workbook(request: UnitRequest) -> HttpResponseBase:
    form = AccountFilterForm(request.GET)
    if not form.is_valid():
        return back_to_list(request)
    found = list_accounts(request.actor.unit.path, day=today(), **form.cleaned_data)
    return send_list(
        request, "Tài khoản", ACCOUNT_COLUMNS, _account_rows(found.iterator(CHUNK)), filters=state_filters(form)
    )


def _account_rows(accounts: Iterator[User]) -> Iterator[tuple[Cell, ...]]:
    """Which duties are in force is asked for a batch of accounts at a time."""
    for batch in in_batches(accounts):
        shown: dict[Any, Any] = {one.pk: one.shown for one in batch}  # type: ignore[attr-defined]
        current = current_ids([duty for duties in shown.values() for duty in duties], today())
        for one in batch:
            duties = [f"{duty.get_role_display()}, {duty.unit.name}" for duty in shown[one.pk] if duty.pk in current]
            has_second_factor: bool = one.has_second_factor  # type: ignore[attr-defined]
            yield (
                one.display_name,
                one.username,
                one.email,
                "; ".join(duties),
                has_second_factor,
                one.is_active,
                shown_time(one.last_login) if one.last_login else None,
            )


@require_GET
@unit_view("units.view_account")
def invitation_list_workbook(request: UnitRequest) -> HttpResponseBase:
    rows = (
        (
            one.display_name,
            one.email,
            one.get_role_display(),
            one.unit.name,
            one.invited_by.display_name if one.invited_by else "bằng lệnh",
            one.created_at,
            one.expires_at,
            _answer(one),
        )
        for one in list_invitations(at=now()).iterator(CHUNK)
    )
    return send_list(request, "Lời mời", INVITATION_COLUMNS, rows)


def _answer(invitation: Invitation) -> str:
    if invitation.accepted_at:
        return "Đã nhận"
    if invitation.withdrawn_at:
        return "Đã thu hồi"
    return "Hết hạn" if invitation.expires_at <= now() else "Đang chờ"


@require_GET
@unit_view("units.view_grant")
def grant_list_workbook(request: UnitRequest) -> HttpResponseBase:
    """Guests of the branch, for those who may let them in; others have an empty list, as on the page."""
    found = list_grants() if request.actor.may("units.add_grant") else Grant.objects.none()
    rows = _with_state(found, grants_standing(found, today()), _grant_cells)
    return send_list(request, "Quyền xem của người ngoài đơn vị", GRANT_COLUMNS, rows)


def _grant_cells(one: Grant) -> tuple[Cell, ...]:
    return (
        one.user.display_name,
        f"{one.office.get_role_display()}, {one.office.unit.name}",
        one.permission.name,
        one.unit.name,
        one.citation,
        f"{one.given_by.user.display_name}, {one.given_by.unit.name}",
    )


@require_GET
@unit_view("units.view_delegation")
def delegation_list_workbook(request: UnitRequest) -> HttpResponseBase:
    found = list_delegations()
    rows = _with_state(found, delegations_standing(found, today()), _delegation_cells)
    return send_list(request, "Giao việc thay, ký thay, ủy quyền", DELEGATION_COLUMNS, rows)


def _delegation_cells(one: Delegation) -> tuple[Cell, ...]:
    to = one.delegate_title or one.delegate.get_role_display()
    return (
        f"{one.delegator.user.display_name}, {one.delegator.get_role_display()}, {one.unit.name}",
        f"{one.delegate.user.display_name}, {to}, {one.delegate.unit.name}",
        one.get_form_display(),
        delegation_scope(one.scope),
        one.document_number,
        one.document_date,
    )


def _with_state(
    rows: QuerySet[Any], standing: QuerySet[Any], cells: Callable[[Any], tuple[Cell, ...]]
) -> Iterator[tuple[Cell, ...]]:
    in_force, day = set(standing.order_by().values_list("pk", flat=True)), today()
    for one in rows.iterator(CHUNK):
        state = _state(one, day, is_standing=one.pk in in_force)
        yield (*cells(one), one.valid_from, one.valid_to, state, one.ended_at, one.end_reason)


def _state(one: Grant | Delegation, day: date, *, is_standing: bool) -> str:
    if is_standing:
        return "Đang có hiệu lực"
    return "Chưa tới ngày" if one.valid_from > day and not one.ended_at else "Đã chấm dứt"
