"""What a person should look at: dates that cannot be meant, duties that cannot be met, papers that lack something."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from campaigns.planreader.checking import Checked
from campaigns.planreader.date_checks import (
    check_anchors,
    check_bad_dates,
    check_dates_of_duties,
    check_frame,
    check_issue_day,
    check_no_deadline,
)
from campaigns.planreader.order_checks import check_early_phases, check_intervals, check_orders, check_outputs
from campaigns.planreader.paper_checks import check_anniversaries, check_citations, check_names, check_personal_data
from campaigns.planreader.reading import (
    Code,
    Obligation,
    PlanWarning,
)


def check(read: Checked) -> list[PlanWarning]:
    """All warnings in the order of the lines, each once."""
    found: list[PlanWarning] = []
    for rule in _RULES:
        found.extend(rule(read))
    unique = {(one.code, one.line, one.message): one for one in found}
    return sorted(unique.values(), key=lambda one: (one.line, one.code))


def with_codes(obligations: Sequence[Obligation], warnings: Sequence[PlanWarning]) -> tuple[Obligation, ...]:
    """Each duty with the codes of what was found in its own words."""
    placed = sorted((one for one in warnings if one.span), key=_start)
    starts = [_start(one) for one in placed]
    coded = []
    for one in obligations:
        near = placed[bisect_left(starts, one.span.start) : bisect_left(starts, one.span.end)]
        found = {warning.code for warning in near if _concerns(warning, one)}
        coded.append(replace(one, warnings=tuple(sorted(found))))
    return tuple(coded)


def _start(warning: PlanWarning) -> int:
    return warning.span.start if warning.span else -1


def _concerns(warning: PlanWarning, obligation: Obligation) -> bool:
    span, due = warning.span, obligation.due.span
    if span is None or warning.code in {Code.PERSONAL_DATA, Code.CITATION_MISMATCH, Code.UNCOVERED_INTERVAL}:
        return False
    if due is not None and warning.code not in {
        Code.MISSING_DEADLINE,
        Code.NO_PRODUCING_STEP,
        Code.ANNIVERSARY_MISMATCH,
        Code.MALFORMED_DATE,
        Code.IMPOSSIBLE_DATE,
    }:
        return due.start <= span.start < due.end
    return obligation.span.start <= span.start < obligation.span.end


_RULES: Final = (
    check_frame,
    check_issue_day,
    check_dates_of_duties,
    check_bad_dates,
    check_no_deadline,
    check_anchors,
    check_outputs,
    check_orders,
    check_intervals,
    check_early_phases,
    check_anniversaries,
    check_citations,
    check_names,
    check_personal_data,
)
