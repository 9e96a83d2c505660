"""Jobs of councils."""

from celery import shared_task

from awards.models import Council
from awards.services import conferences
from units.actors import system_actor
from units.clock import today
from units.scoping import maintenance_scope


@shared_task
def follow_heads() -> None:
    """Let the seats of every conference follow who heads the member units."""
    with maintenance_scope("A conference's seats follow the heads of units that do not see each other."):
        standing = Council.objects.filter(cluster_year__isnull=False, valid_from__lte=today(), valid_to__gte=today())
        for council in standing.select_related("unit", "cluster_year__cluster"):
            actor = system_actor(council.unit, "đối chiếu người đứng đầu")
            conferences.follow_heads(council, actor=actor, day=today())
