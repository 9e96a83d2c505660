"""Opening the urn with two key holders, and counting. All in one transaction; the key lives in memory only."""

from collections.abc import Mapping
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from awards.models import Ballot, BallotState, Tally, Urn
from awards.sealing import SealingError, fingerprint, open_papers, unlock
from awards.services.ballots import lock_ballot, lock_urn, require_state, void_ballot
from awards.terms import Terms, count_input, count_json, hash_json, paper_rules, terms_of
from awards.voting import clean_paper, count, paper_problems, to_json
from awards.voting.papers import CleanPaper
from units.actors import Actor
from units.refusals import RefusedError
from units.services.audit import record_act
from units.services.outbox import promise


@sensitive_variables()
def count_ballot(ballot: Ballot, *, passphrases: Mapping[str, str], actor: Actor, at: datetime) -> Ballot:
    """Open every paper, count, keep the bare papers in random order, and destroy the urn and the wraps.

    `passphrases` by id of two key holders. A refusal changes nothing and leaves a line in the trail. An urn that is
    not the one that was closed makes the ballot void.
    """
    try:
        return _count(ballot, passphrases, actor, at)
    except RefusedError:
        record_act("refuse-count", ballot, actor=actor)
        raise


@sensitive_variables()
@transaction.atomic
def _count(ballot: Ballot, passphrases: Mapping[str, str], actor: Actor, at: datetime) -> Ballot:
    ballot = lock_ballot(ballot)
    require_state(ballot, BallotState.CLOSED, "Chỉ kiểm phiếu khi lượt bỏ phiếu đã đóng và chưa kiểm.")
    try:
        key = unlock(ballot.wraps, passphrases, public_key=bytes(ballot.public_key or b""))
    except SealingError as error:
        raise RefusedError("Chưa mở được hòm phiếu.", why=str(error)) from None
    urn = lock_urn(ballot)
    if sorted(fingerprint(bytes(paper)) for paper in urn.papers) != ballot.fingerprints:
        return void_ballot(ballot, "Hòm phiếu đã bị thay đổi sau khi đóng.", actor=actor)
    terms = terms_of(ballot)
    papers = _open(key, ballot, urn, terms)
    tally = _write_tally(ballot, terms, papers, at)
    urn.delete()
    ballot.wraps, ballot.state = [], BallotState.COUNTED
    ballot.save(update_fields=["wraps", "state"])
    record_act(
        "count-ballot",
        ballot,
        actor=actor,
        papers_hash=hash_json(tally.count_input),
        result_hash=hash_json(tally.result),
    )
    # Deleted rows and old versions of the roll still lie on the disk until the tables are rewritten.
    promise(f"sweep-urns:{ballot.pk}", "awards.tasks.sweep_urns", ballot=str(ballot.pk))
    ballot.tally = tally
    return ballot


@sensitive_variables()
def _open(key: X25519PrivateKey, ballot: Ballot, urn: Urn, terms: Terms) -> list[CleanPaper]:
    rules = paper_rules(terms)
    try:
        opened = open_papers(key, str(ballot.pk), [bytes(paper) for paper in urn.papers])
    except SealingError as error:
        raise RefusedError("Chưa kiểm phiếu được.", why=str(error)) from None
    if any(paper_problems(rules, choices) for choices in opened):
        raise RefusedError(
            "Chưa kiểm phiếu được.",
            why="Trong hòm có phiếu không đúng mẫu, không thể do phần mềm này nhận vào.",
            remedy="Giữ nguyên hòm phiếu, lập biên bản và báo người quản trị.",
        )
    return [clean_paper(rules, choices) for choices in opened]


def _write_tally(ballot: Ballot, terms: Terms, papers: list[CleanPaper], at: datetime) -> Tally:
    result = count(count_input(terms, papers))
    return Tally.objects.create(
        unit=ballot.unit,
        ballot=ballot,
        count_input=count_json(terms, papers),
        result=to_json(result),
        counted_at=at,
    )
