"""What a cluster's campaign becomes for another year: its members, head and deputies are those of that year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from campaigns.models import Campaign, ClusterYear
from campaigns.plan_bearers import OWN, ClusterPart
from campaigns.selectors.clusters import Places, find_acting_head, read_places
from units.actors import Actor
from units.models import Unit
from units.refusals import RefusedError


@dataclass(frozen=True, slots=True)
class ClusterMove:
    """From one year of a cluster to another. `heads` are those who led the old year, before and after a hand-over."""

    year: ClusterYear
    before: Places
    after: Places
    heads: frozenset[str]

    @property
    def head(self) -> Unit:
        return self.after.units("head")[0]

    def is_head(self, code: str) -> bool:
        return code in self.heads

    def find_part(self, data: Mapping[str, Any]) -> ClusterPart | None:
        """Whom of the old year the named units are all of; plans from before places were kept name units only."""
        if data["kinds"] or not data["units"]:
            return None
        units = set(data["units"])
        if units == set(self.before.codes("members")):
            return ClusterPart("members", OWN)
        if len(units) == 1 and units <= self.heads:
            return ClusterPart("head", OWN)
        return ClusterPart("deputies", OWN) if units == set(self.before.codes("deputies")) else None

    def renew(self, codes: Sequence[str]) -> list[str]:
        """The same places in the new year: the head for the head, and for all the deputies all the new ones."""
        deputies = set(self.before.codes("deputies"))
        renewed: list[str] = []
        for code in codes:
            if code in self.heads:
                renewed += [self.head.code]
            elif code in deputies and deputies <= set(codes):
                renewed += self.after.codes("deputies")
            else:
                renewed += [code]
        return list(dict.fromkeys(renewed))

    def item(self, data: Mapping[str, Any], issuer: Unit) -> dict[str, Any]:
        """A duty as it would be asked in the new year by `issuer`."""
        to = next(iter(self.renew([data["owed_to"]] if data["owed_to"] else [])), "")
        return dict(data) | {
            "units": self.renew(data["units"]),
            "owed_to": "" if to == issuer.code else to,
            "copies_to": [code for code in self.renew(data["copies_to"]) if code != (to or issuer.code)],
        }


def find_cluster_move(campaign: Campaign, years: int, *, actor: Actor) -> ClusterMove | None:
    """How a cluster's campaign moves by so many years; None for a campaign that is no cluster's.

    Refuses the work of several clusters, a new year without members or without a head, and members whom the actor
    cannot give work to.
    """
    tied = list(campaign.cluster_years.select_related("cluster__keeper")[:2])
    if not tied:
        return None
    if len(tied) > 1:
        raise RefusedError(
            "Phong trào này là việc của nhiều khu vực, cụm, khối nên không lập lại chung được.",
            why="Mỗi khu vực, cụm, khối có thành viên và đơn vị trưởng riêng của từng năm.",
            remedy="Lập kế hoạch năm mới riêng cho từng khu vực, cụm, khối.",
        )
    old = tied[0]
    year = _find_year(old, old.year + years)
    after = read_places(year)
    if not after.units("head"):
        raise RefusedError(
            f"{year} chưa ghi đơn vị trưởng.",
            why="Việc của đơn vị trưởng và nơi nhận báo cáo chuyển sang đơn vị trưởng của năm mới.",
            remedy="Ghi đơn vị trưởng theo quyết định ở trang của năm đó rồi lập lại.",
            way_out=(year.get_absolute_url(), "Mở trang của năm"),
        )
    strange = [unit.short_name for unit in after.units("members") if not actor.unit.contains(unit.path)]
    if strange:
        raise RefusedError(
            f"{actor.unit} không lập lại được kế hoạch của {year.cluster}.",
            why=f"Có {len(strange)} thành viên ngoài phạm vi của {actor.unit.short_name}, trong đó có {strange[0]}.",
            remedy=f"Đề nghị {year.cluster.keeper}, nơi quản lý {year.cluster}, lập lại.",
        )
    before = read_places(old)
    acting = find_acting_head(old)
    heads = {*before.codes("head"), *([acting.code] if acting else [])}
    return ClusterMove(year, before, after, frozenset(heads))


def _find_year(old: ClusterYear, number: int) -> ClusterYear:
    cluster = old.cluster
    year = ClusterYear.objects.filter(cluster=cluster, year=number).select_related("cluster__keeper").first()
    if year is None or not year.members.exists():
        raise RefusedError(
            f"{cluster} chưa có danh sách thành viên năm {number}.",
            why="Việc của kế hoạch giao cho thành viên, đơn vị trưởng, đơn vị phó của năm mới.",
            remedy=f"Ghi thành viên năm {number} ở trang của {cluster} rồi lập lại.",
            way_out=((year or cluster).get_absolute_url(), "Mở trang để ghi"),
        )
    return year
