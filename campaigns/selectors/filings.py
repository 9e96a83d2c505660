"""Reads of what units file."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Min, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from campaigns.calendar import OFFICE_ZONE
from campaigns.models import (
    Assignment,
    ExemplarRegistration,
    FilingKind,
    Obligation,
    RegisteredSubject,
    Submission,
    SubmissionPaper,
    TitleRegistration,
)
from campaigns.workflow import TRANSITIONS, FilingAction, FilingPlace, SubmissionState
from units.actors import Actor
from units.models import AuditEntry, AwardTitle, TitleKind, Unit
from units.selectors.organisation import stands_on

REGISTRATIONS = (FilingKind.TITLES, FilingKind.EXEMPLARS)
OTHER_PAPER = "Tài liệu khác"


def list_submissions() -> QuerySet[Submission]:
    """Submissions in sight with everything a page head shows."""
    return Submission.objects.select_related(
        "unit",
        "assignment__unit",
        "assignment__obligation__campaign",
        "assignment__obligation__owed_to",
        "assignment__obligation__phase",
    )


def list_submissions_for(unit_path: str) -> QuerySet[Submission]:
    """What people of the unit at `unit_path` may open: all of their own, and from below what was ever sent."""
    return list_submissions().exclude(~Q(unit_path=unit_path), sent_at__isnull=True)


def list_unseen_submissions(unit_path: str) -> QuerySet[Submission]:
    """Submissions in sight of the scope that people of the unit at `unit_path` may nevertheless not open."""
    return Submission.objects.filter(~Q(unit_path=unit_path), sent_at__isnull=True).order_by()


def list_versions(assignment: Assignment, unit_path: str) -> list[Submission]:
    """The versions of what was filed for an assignment, newest first, as people of `unit_path` may open them."""
    return list(list_submissions_for(unit_path).filter(assignment=assignment))


def list_papers(submission: Submission) -> QuerySet[SubmissionPaper]:
    return submission.papers.filter(removed_at__isnull=True)


def list_titles(submission: Submission) -> list[TitleRegistration]:
    """Registered titles with the names beside them."""
    return list(_list_titles([submission]))


def _list_titles(submissions: Sequence[Submission]) -> QuerySet[TitleRegistration]:
    subjects = Prefetch("subjects", RegisteredSubject.objects.all())
    found = TitleRegistration.objects.filter(submission__in=submissions)
    return found.select_related("title").prefetch_related(subjects)


def list_exemplars(submission: Submission) -> list[ExemplarRegistration]:
    return list(submission.exemplars.all())


@dataclass(frozen=True, slots=True)
class Contents:
    """What a submission holds: its papers and what it registers."""

    papers: list[SubmissionPaper] = field(default_factory=list)
    titles: list[TitleRegistration] = field(default_factory=list)
    exemplars: list[ExemplarRegistration] = field(default_factory=list)


def read_contents(submissions: Sequence[Submission]) -> dict[UUID, Contents]:
    """What each of the submissions holds, by its key: four queries for any number."""
    found = {one.pk: Contents() for one in submissions}
    for paper in SubmissionPaper.objects.filter(submission__in=submissions, removed_at__isnull=True):
        found[paper.submission_id].papers.append(paper)
    for title in _list_titles(submissions):
        found[title.submission_id].titles.append(title)
    for exemplar in ExemplarRegistration.objects.filter(submission__in=submissions):
        found[exemplar.submission_id].exemplars.append(exemplar)
    return found


@dataclass(frozen=True, slots=True)
class PaperWanted:
    """A paper that the plan asks for, with what was attached for it."""

    name: str
    max_pages: int | None
    is_required: bool
    files: tuple[SubmissionPaper, ...]

    @property
    def pages(self) -> int:
        return sum(one.pages or 0 for one in self.files)

    @property
    def is_missing(self) -> bool:
        return self.is_required and not self.files


def read_wanted(obligation: Obligation) -> list[tuple[str, int | None, bool]]:
    """Name, page limit and whether it must be there, for each paper of the plan."""
    return [(one["name"], one.get("max_pages"), one.get("required", True)) for one in obligation.papers]


def describe_excess(obligation: Obligation, paper: str, limit: int | None, pages: int) -> str:
    """What is said when a paper is longer than the plan allows; empty when it is not."""
    if limit is None or pages <= limit:
        return ""
    name = paper[:1].upper() + paper[1:]
    return f"{name} dài {pages} trang, kế hoạch cho không quá {limit} trang A4 ({obligation.citation})."


def list_wanted(submission: Submission) -> list[PaperWanted]:
    """The papers of the plan in its order, then what the unit added by itself."""
    files = list(list_papers(submission))
    wanted = read_wanted(submission.assignment.obligation)
    named = {name for name, _, _ in wanted}
    rows = [
        PaperWanted(name, limit, required, tuple(one for one in files if one.paper == name))
        for name, limit, required in wanted
    ]
    others = tuple(one for one in files if one.paper not in named)
    return [*rows, PaperWanted(OTHER_PAPER, None, False, others)] if others or not rows else rows


def is_registration(submission: Submission) -> bool:
    """Whether the one who is owed approves it, and not only receives it."""
    return submission.assignment.obligation.filing_kind in REGISTRATIONS


def days_late(last_day: date | None, counted_at: datetime | None) -> int:
    """By how many days what was sent came after the last day; the present last day, so an extension counts."""
    if last_day is None or counted_at is None:
        return 0
    return max((timezone.localtime(counted_at, OFFICE_ZONE).date() - last_day).days, 0)


def find_counted_at(assignment: Assignment, at: datetime) -> datetime:
    """The instant that the deadline is measured with for what is sent at `at`: mending what was returned is not late,
    when it was first sent in time.
    """
    returned = Submission.objects.filter(assignment=assignment, state=SubmissionState.RETURNED)
    first: datetime | None = returned.aggregate(first=Min("sent_at"))["first"]
    return first or at


def fits_place(submission: Submission, place: FilingPlace, unit: Unit) -> bool:
    """Whether people of `unit` act there: of the unit that files, or of the one owed or above it."""
    if place is FilingPlace.OWN:
        return submission.unit_id == unit.pk
    return unit.contains(submission.assignment.obligation.owed_to.path)


def list_actions(submission: Submission, actor: Actor) -> set[FilingAction]:
    """What the actor may do with a submission in its state."""
    return {
        action
        for action, transition in TRANSITIONS.items()
        if submission.state in transition.sources
        and actor.may(transition.permission)
        and fits_place(submission, transition.place, actor.unit)
        and (action is not FilingAction.APPROVE or is_registration(submission))
    }


def list_titles_to_register(day: date) -> QuerySet[AwardTitle]:
    """Titles and commendations of the catalogue on `day`."""
    return AwardTitle.objects.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=day),
        Q(valid_to__isnull=True) | Q(valid_to__gte=day),
        kind__in=(TitleKind.EMULATION_TITLE, TitleKind.COMMENDATION),
    )


def list_collectives(unit: Unit, day: date) -> list[Unit]:
    """The unit itself and the units directly below it that stand on `day`."""
    below = Unit.objects.existing_on(day).filter(parent=unit).order_by("path")
    return [*([unit] if stands_on(unit, day) else []), *below]


def list_filing_trail(pk: Any) -> QuerySet[AuditEntry]:
    """What was done with a submission, the newest first."""
    return AuditEntry.objects.filter(subject_id=pk).order_by("-id")


def find_by_code(code: str, unit_path: str) -> Submission | None:
    """The submission behind a receipt, for the unit that sent it and those above."""
    return list_submissions_for(unit_path).filter(receipt_code=code).first() if code else None


def list_waiting(unit: Unit) -> QuerySet[Submission]:
    """Submissions that were sent to `unit` itself and lie unreceived.

    Not by a join: the planner would come from what is owed to the unit, all of it, to the few that wait.
    """
    owed_to = Assignment.objects.filter(pk=OuterRef("assignment")).order_by().values("obligation__owed_to")[:1]
    return Submission.objects.filter(state="sent").alias(owed_to=Subquery(owed_to)).filter(owed_to=unit.pk)
