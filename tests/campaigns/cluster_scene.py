"""A region of three: Cục Thái Nguyên heads it, Cục Cao Bằng and Sở Bắc Kạn belong, and Cục Lạng Sơn does not."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from campaigns.models import Cluster, ClusterMember, ClusterYear
from tests.builders import Tree, actor, unit
from units.actors import Actor
from units.models import Unit
from units.roles import Role
from units.scoping import maintenance_scope, unit_scope

T = TypeVar("T")


class ClusterScene:
    def __init__(self) -> None:
        self.tree = Tree()
        self.ministry, self.head, self.member = self.tree.ministry, self.tree.bureau, self.tree.stranger
        self.third = unit("STP-BKA", "00010003", kind="so-tu-phap", name="Sở Tư pháp tỉnh Bắc Kạn")
        self.outsider = unit("CTHADS-LSO", "00010004", kind="cuc-thads", name="Cục THADS tỉnh Lạng Sơn")
        self.cluster = Cluster.objects.create(
            code="KVTD-MAU", name="Khu vực thi đua mẫu", kind="region", keeper=self.ministry
        )
        self.year = self.add_year(2023, self.head)
        self._actors: dict[tuple[str, Role], Actor] = {}

    def add_year(self, number: int, head: Unit) -> ClusterYear:
        year = ClusterYear.objects.create(cluster=self.cluster, year=number)
        for one in (self.head, self.member, self.third):
            ClusterMember.objects.create(year=year, member=one, role="head" if one == head else "member")
        return year

    def act(self, place: Unit, role: Role) -> Actor:
        key = (place.code, role)
        if key not in self._actors:
            self._actors[key] = actor(place, role)
        return self._actors[key]

    @contextmanager
    def at(self, place: Unit) -> Iterator[None]:
        with unit_scope(place.path):
            yield

    def as_unit(self, place: Unit, do: Callable[[], T]) -> T:
        """What a request of the unit would do: everything in its own scope."""
        with unit_scope(place.path):
            return do()

    def everywhere(self, ask: Callable[[], T]) -> T:
        with maintenance_scope("a test looks at every side"):
            return ask()
