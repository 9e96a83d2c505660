"""Reader of the times of a plan's file: one table for each way in which a plan says when."""

from collections.abc import Callable

from campaigns.plan_parts import Due
from units.data_file import Entry, check_interval

# How many months lie between two times of what comes again.
EVERY = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
LAST_DAY_OF_MONTH = 31


def check_known(entry: Entry, key: str, codes: tuple[str, ...], known: tuple[str, ...], what: str) -> None:
    """Report each of `codes` that is not `known`, in words that say `what` was wanted."""
    for code in codes:
        if code and code not in known:
            entry.report(key, f"giá trị «{code}» không đúng; cần {what}.")


def _read_day_due(entry: Entry, due_type: str) -> Due:
    return Due(due_type, day=entry.day("day"), read_as=entry.optional_day("read_as"))


def _read_month_due(entry: Entry, due_type: str) -> Due:
    return Due(due_type, year=entry.whole("year", lowest=1948), month=_read_up_to(entry, "month", 12))


def _read_quarter_due(entry: Entry, due_type: str) -> Due:
    return Due(due_type, year=entry.whole("year", lowest=1948), quarter=_read_up_to(entry, "quarter", 4))


def _read_up_to(entry: Entry, key: str, highest: int) -> int:
    value = entry.whole(key)
    if value > highest:
        entry.report(key, f"giá trị «{value}» không đúng; cần số từ 1 đến {highest}.")
        return highest
    return value


def _read_days_after_due(entry: Entry, due_type: str) -> Due:
    return Due(
        due_type,
        days=entry.whole("days"),
        after=entry.text("after"),
        after_obligation=entry.optional_text("after_obligation"),
        working=entry.flag("working", otherwise=False),
    )


def _read_range_due(entry: Entry, due_type: str) -> Due:
    first, last = entry.day("first"), entry.day("last")
    check_interval(entry, first, last, last_key="last")
    return Due(due_type, first=first, last=last)


def _read_recurrent_due(entry: Entry, due_type: str) -> Due:
    until = entry.optional_whole("until")
    if until is not None and until > LAST_DAY_OF_MONTH:
        entry.report("until", f"giá trị «{until}» không đúng; cần số từ 1 đến {LAST_DAY_OF_MONTH}.")
    return Due(due_type, every=entry.choice("every", EVERY), until=until)


def _read_occasion_due(entry: Entry, due_type: str) -> Due:
    return Due(due_type, occasion=entry.text("occasion"), day=entry.optional_day("day"))


def _read_unstated_due(_entry: Entry, due_type: str) -> Due:
    return Due(due_type)


DUE_READERS: dict[str, Callable[[Entry, str], Due]] = {
    "before-day": _read_day_due,
    "until-day": _read_day_due,
    "month": _read_month_due,
    "quarter": _read_quarter_due,
    "range": _read_range_due,
    "days-after": _read_days_after_due,
    "recurrent": _read_recurrent_due,
    "occasion": _read_occasion_due,
    "unstated": _read_unstated_due,
}


def read_due(entry: Entry, obligations: tuple[str, ...]) -> Due:
    """One [obligation.due] table; an obligation it counts from is one of `obligations`."""
    due_type = entry.choice("type", DUE_READERS)
    due = DUE_READERS.get(due_type, _read_unstated_due)(entry, due_type)
    if due.after_obligation is not None:
        check_known(entry, "after_obligation", (due.after_obligation,), obligations, "mã của một [[obligation]]")
    if due_type in DUE_READERS:
        entry.finish()
    return due
