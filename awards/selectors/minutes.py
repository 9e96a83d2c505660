"""Reads of minutes: the versions of a sitting, who still has to sign, and what a decision should know of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Prefetch, QuerySet

from awards.models import (
    Ballot,
    BallotState,
    Minutes,
    MinutesKind,
    MinutesScan,
    MinutesSignature,
    MinutesState,
    SignatureState,
    Sitting,
    SittingState,
)
from awards.signing import Lists, check_again, read_lists
from units.models import Unit, User

if TYPE_CHECKING:
    from uuid import UUID

AWAITED = (MinutesState.SENT, MinutesState.SIGNING)
FROZEN = (MinutesState.SIGNING, MinutesState.COMPLETE)


@dataclass(frozen=True, slots=True)
class MinutesOf:
    """What stands in minutes of one thing: a meeting, or the count of `ballot`; newest version first."""

    kind: MinutesKind
    title: str
    ballot: Ballot | None
    versions: tuple[Minutes, ...]
    obstacle: str = ""

    @property
    def latest(self) -> Minutes | None:
        return self.versions[0] if self.versions else None

    @property
    def ballot_key(self) -> str:
        return str(self.ballot.pk) if self.ballot else ""


def list_minutes() -> QuerySet[Minutes]:
    """Minutes in sight, the newest version first; sitting, council, unit and signatures loaded."""
    signatures = MinutesSignature.objects.select_related("member", "scan").order_by("order")
    return (
        Minutes.objects.select_related("sitting__council", "ballot", "unit", "corrects")
        .prefetch_related(Prefetch("signatures", signatures))
        .order_by("-version", "pk")
    )


def list_council_minutes(unit: Unit) -> QuerySet[Minutes]:
    """Minutes of the councils of `unit` itself, as its secretariat sees them."""
    return list_minutes().filter(sitting__council__unit=unit)


def list_sent_minutes() -> QuerySet[Minutes]:
    """What a member of the council may read: no draft, and no version that was recalled before anybody signed."""
    return list_minutes().filter(state__in=(*AWAITED, MinutesState.COMPLETE))


def describe_signatures(minutes: Minutes) -> list[MinutesSignature]:
    """Who signs and how, with what the lists of revoked certificates say today of each certificate."""
    try:
        lists = read_lists(settings.SIGNING_CRLS)
    except (OSError, ValueError):
        # Reading a page goes on by what was known at the signing; the next signature is refused and says why.
        lists = Lists()
    signatures = list(minutes.signatures.all())
    for one in signatures:
        one.checked = check_again(one.certificate, lists)
    return signatures


def list_scans(minutes: Minutes) -> QuerySet[MinutesScan]:
    return MinutesScan.objects.filter(minutes=minutes).order_by("recorded_at", "pk")


def describe_minutes(sitting: Sitting, ballots: Iterable[Ballot]) -> list[MinutesOf]:
    """The minutes that a sitting has or still needs: one of the meeting and one of each count. Three queries."""
    found = list(list_minutes().filter(sitting=sitting))
    counted = [one for one in ballots if one.state == BallotState.COUNTED]
    obstacle = "" if sitting.state == SittingState.CLOSED else "Lập sau khi kết thúc phiên họp."
    return [
        *(
            MinutesOf(
                MinutesKind.COUNT,
                f"Biên bản kiểm phiếu: {ballot.title}",
                ballot,
                tuple(one for one in found if one.ballot_id == ballot.pk),
            )
            for ballot in counted
        ),
        MinutesOf(
            MinutesKind.MEETING,
            "Biên bản họp Hội đồng",
            None,
            tuple(one for one in found if one.kind == MinutesKind.MEETING),
            obstacle,
        ),
    ]


def find_signature(minutes: Minutes, user: User) -> MinutesSignature | None:
    """Where `user` has to sign, if anywhere."""
    signatures = MinutesSignature.objects.filter(minutes=minutes, member__user=user)
    return signatures.select_related("member", "minutes", "scan").first()


def list_awaited_signatures(unit: Unit, user: User) -> QuerySet[MinutesSignature]:
    """Signatures that an account still owes to minutes of the councils of `unit`, the printed ink to confirm too."""
    return MinutesSignature.objects.filter(
        member__user=user,
        minutes__unit=unit,
        minutes__state__in=AWAITED,
        state__in=(SignatureState.WAITING, SignatureState.RECORDED),
    )


def find_gaps(ballot: Ballot) -> list[str]:
    """What is missing of the minutes on which a decision about `ballot` rests, in words; empty when all is signed."""
    rows = Minutes.objects.filter(sitting=ballot.sitting_id).exclude(state=MinutesState.RECALLED)
    # A later version comes later, and it is what counts.
    states: dict[tuple[str, UUID | None], MinutesState] = {
        (kind, about): MinutesState(state)
        for kind, about, state in rows.order_by("version").values_list("kind", "ballot", "state")
    }
    asked = (
        ("biên bản kiểm phiếu của lượt này", states.get((MinutesKind.COUNT.value, ballot.pk))),
        ("biên bản họp Hội đồng", states.get((MinutesKind.MEETING.value, None))),
    )
    return [
        f"{what}: {state.label.lower() if state else 'chưa lập'}"
        for what, state in asked
        if state is not MinutesState.COMPLETE
    ]
