"""Values of the isolation proof's rows of campaigns that nobody can guess."""

from datetime import date
from typing import Any


def cluster_values(place: Any) -> dict[str, Any]:
    """Kept by the root of the place, as every cluster is."""
    from units.models import Unit

    return {"keeper": Unit.objects.get(path=place.unit.path[: Unit.PATH_STEP])}


def contact_values(place: Any) -> dict[str, Any]:
    """The unit heads its own cluster, and hands it over to itself: rows of public tables that nothing points to."""
    place.row("campaigns.clustermember")
    place.row("campaigns.clusterhandover")
    return {}


def handover_values(place: Any) -> dict[str, Any]:
    from campaigns.models import ClusterYear

    return {"to_year": place.add(ClusterYear, year=2024), "on": date(2023, 6, 1)}


def template_values(_place: Any) -> dict[str, Any]:
    from campaigns.scoring import read_shipped_tables

    return {"document": read_shipped_tables()[0][1], "first_year": 2020}


def item_values(place: Any) -> dict[str, Any]:
    """A duty whose words stand in every field that a page shows; the pages of items open for duties all."""
    words = place.mark()
    data: dict[str, Any] = {
        "title": words,
        "kind": "report",
        "filing": "",
        "optional": False,
        "awards": [],
        "phase": None,
        "papers": [],
        "who": words,
        "kinds": [],
        "within": "",
        "units": [],
        "cluster": "",
        "heads": False,
        "to": "",
        "owed_to": "",
        "phrase": words,
        "due": {"type": "unstated"},
    }
    return {"kind": "obligation", "data": data}
