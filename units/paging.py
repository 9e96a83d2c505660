"""Pages of lists that may hold a million rows.

Counting everything and skipping to the last page read every row that stands before it. Nobody reads four hundred
pages: a list opens its first rows, says "hơn 10.000" beyond, and is narrowed by its filters.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from django.core.exceptions import EmptyResultSet
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import QuerySet
from django.utils.functional import cached_property

MOST_ROWS = 10_000
MOST_WAITING = 1_000  # nobody works off a desk faster because the navigation counts it to the end


class BoundedList(Protocol):
    """What is no query set and can still be counted up to a bound and cut into pages."""

    def count_up_to(self, most: int) -> int: ...

    def __getitem__(self, part: slice) -> Any: ...


class BoundedPaginator(Paginator):  # type: ignore[type-arg]  # not generic at run time
    """Counts and opens the first `most` rows of a query set or of a `BoundedList`."""

    def __init__(self, rows: "QuerySet[Any] | BoundedList", per_page: int, *, most: int = MOST_ROWS) -> None:
        super().__init__(rows, per_page)  # type: ignore[arg-type]
        self.most = most

    @cached_property
    def _counted(self) -> int:
        rows: Any = self.object_list
        if isinstance(rows, QuerySet):
            return count_bounded(rows, self.most + 1)
        return int(rows.count_up_to(self.most + 1))

    @cached_property
    def count(self) -> int:
        return min(self._counted, self.most)

    @property
    def is_cut(self) -> bool:
        """Whether there are more rows than this list opens."""
        return self._counted > self.most

    @property
    def total(self) -> str:
        """How many rows there are, in words for a heading."""
        return count_in_words(self._counted, self.most)


class ByIds:
    """A query set whose pages are found by their ids first.

    What a row carries beside its columns would else be worked out for every row that a page skips. `shown` reads the
    rows of a page where `rows` is narrowed by what is dear to ask twice; it has the same order. `at_once` is for rows
    that are few among many: counting finds all their ids, because reading in order until a page is full could read
    to the end.
    """

    def __init__(self, rows: QuerySet[Any], shown: QuerySet[Any] | None = None, *, at_once: bool = False) -> None:
        self._rows, self._shown = rows, rows if shown is None else shown
        self._at_once = at_once
        self._ids: list[Any] | None = None

    def count_up_to(self, most: int) -> int:
        if not self._at_once:
            return count_bounded(self._rows, most)
        self._ids = list(self._rows.values_list("pk", flat=True)[:most])
        return len(self._ids)

    def __getitem__(self, part: slice) -> list[Any]:
        ids = list(self._rows.values_list("pk", flat=True)[part]) if self._ids is None else self._ids[part]
        return list(self._shown.filter(pk__in=ids))


def count_bounded(rows: QuerySet[Any], most: int = MOST_ROWS + 1) -> int:
    """The number of rows, or `most` where there are more."""
    return rows.order_by().values("pk")[:most].count() if most > 0 else 0


def count_in_words(number: int, most: int = MOST_ROWS) -> str:
    """A number that was counted up to one above `most`."""
    words = f"{min(number, most):,}".replace(",", ".")
    return f"hơn {words}" if number > most else words


Scalar = tuple[str, Sequence[Any]]
NOTHING: Scalar = ("NULL", ())
_ANY_VALUE = "\ufffe"  # no character of any text, and so no other value of a query


def scalar_count(rows: QuerySet[Any], most: int) -> Scalar:
    """SQL of `count_bounded`, for `read_together`."""
    try:
        sql, given = rows.order_by().values("pk")[:most].query.sql_with_params()
    except EmptyResultSet:  # nothing can match
        return "0", ()
    return f"(SELECT count(*) FROM ({sql}) AS counted)", given  # noqa: S608  SQL of a query set


def scalar_key(rows: QuerySet[Any]) -> Scalar:
    """SQL of the key of the first row, or nothing, for `read_together`."""
    try:
        sql, given = rows.values("pk")[:1].query.sql_with_params()
    except EmptyResultSet:
        return NOTHING
    return f"({sql})", given


def scalar_counts(rows: QuerySet[Any], column: str, values: Iterable[str], most: int) -> list[Scalar]:
    """`scalar_count` of the rows that have each of the values in the column; the SQL is worked out once for all."""
    sql, given = scalar_count(rows.filter(**{column: _ANY_VALUE}), most)
    return [(sql, [value if one == _ANY_VALUE else one for one in given]) for value in values]


def read_together(asked: Sequence[Scalar]) -> tuple[Any, ...]:
    """Many single values in one statement, where asking one by one costs a round trip and an answer for each."""
    if not asked:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(sql for sql, _ in asked)}",
            [value for _, given in asked for value in given],
        )
        return tuple(cursor.fetchone() or ())
