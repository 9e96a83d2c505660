"""Who of a cluster has signed the year's pledge and who has filed it, one row for each member."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from campaigns.models import (
    ClusterMember,
    ClusterPledge,
    ClusterYear,
    ExpectedWork,
    FilingKind,
    Obligation,
    PledgeSignature,
    ReceivedFiling,
    ReceivedPaper,
    Submission,
    SubmissionPaper,
)
from campaigns.selectors.clusters import list_members
from units.models import Unit


@dataclass(frozen=True, slots=True)
class PledgeRow:
    """One member: its signature on the record, and what it filed, as far as the reader holds it.

    `submission` where the reader stands above the member or is it; `filing` where a copy was laid with the reader;
    `line` where the member sent it another way and noted its number.
    """

    member: ClusterMember
    signature: PledgeSignature | None
    submission: Submission | None
    filing: ReceivedFiling | None
    line: ExpectedWork | None

    @property
    def is_filed(self) -> bool:
        return bool(self.submission or self.filing or self.line)


def list_year_pledges(year: ClusterYear, unit: Unit) -> QuerySet[ClusterPledge]:
    """The pledges of a year as `unit` holds them, the newest first."""
    return ClusterPledge.objects.filter(year=year, unit=unit).select_related("head").order_by("-opened_at", "pk")


def list_pledge_obligations(year: ClusterYear) -> Sequence[Obligation]:
    """What the year's plans ask to be filed as a pledge."""
    return list(Obligation.objects.filter(campaign__in=year.campaigns.all(), filing=FilingKind.PLEDGE))


def read_pledge_board(year: ClusterYear, unit: Unit, pledge: ClusterPledge | None) -> list[PledgeRow]:
    """Every member of the year with what `unit` may know of it, head first; seven queries for any number."""
    duties = list_pledge_obligations(year)
    signatures = {one.member_id: one for one in pledge.signatures.all()} if pledge else {}
    papers = Prefetch("papers", SubmissionPaper.objects.filter(removed_at__isnull=True), to_attr="kept")
    standing = Submission.objects.filter(
        assignment__obligation__in=duties, is_latest=True, assignment__done_at__isnull=False
    ).prefetch_related(papers)
    sent = {one.unit_id: one for one in standing.filter(sent_at__isnull=False).order_by("sent_at")}
    copies = Prefetch("papers", ReceivedPaper.objects.select_related("file"), to_attr="kept")
    received = ReceivedFiling.objects.filter(unit=unit, obligation__in=duties).prefetch_related(copies)
    filings = {one.sender_id: one for one in received.order_by("sent_at")}
    lines = ExpectedWork.objects.filter(unit=unit, obligation__in=duties, done_at__isnull=False)
    noted = {one.ower_id: one for one in lines}
    return [
        PledgeRow(
            member=one,
            signature=signatures.get(one.member_id),
            submission=sent.get(one.member_id),
            filing=_standing(filings.get(one.member_id)),
            line=noted.get(one.member_id),
        )
        for one in list_members(year)
    ]


def _standing(filing: ReceivedFiling | None) -> ReceivedFiling | None:
    """What was returned or withdrawn is not filed."""
    return filing if filing and filing.state not in ("returned", "withdrawn") else None
