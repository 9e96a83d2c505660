"""Opening the urn with two key holders, and counting. All in one transaction; the key lives in memory only."""

import secrets
from collections.abc import Mapping
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from awards.models import Ballot, BallotState, Tally, TellerSheet, Urn
from awards.sealing import SealingError, fingerprint, open_papers, unlock
from awards.selectors.hand_papers import count_written
from awards.services.ballots import lock_ballot, lock_urn, require_state, void_ballot
from awards.services.entering import take_entered
from awards.terms import Terms, count_json, hash_json, paper_rules, terms_of
from awards.voting import CountRefusedError, clean_paper, count, paper_problems, parse_sitting, to_json
from awards.voting.papers import CleanPaper
from units.actors import Actor
from units.refusals import RefusedError
from units.services.audit import record_act
from units.services.outbox import promise


@sensitive_variables()
def count_ballot(ballot: Ballot, *, passphrases: Mapping[str, str], actor: Actor, at: datetime) -> Ballot:
    """Open every paper, count, keep the bare papers in random order, and destroy the urn and the wraps.

    `passphrases` by id of two key holders; none for a ballot on paper, whose papers two tellers entered. A refusal
    changes nothing and leaves a line in the trail. An urn that is not the one that was closed makes the ballot void.
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
    terms = terms_of(ballot)
    entered = take_entered(ballot)
    if ballot.on_paper:
        papers = entered
    else:
        key = _unlock(ballot, passphrases)
        urn = lock_urn(ballot)
        if sorted(fingerprint(bytes(paper)) for paper in urn.papers) != ballot.fingerprints:
            return void_ballot(ballot, "Hòm phiếu đã bị thay đổi sau khi đóng.", actor=actor)
        papers = _open(key, ballot, urn, terms) + entered
        urn.delete()
        # Read apart from the sealed papers, they could be told from them for ever.
        TellerSheet.objects.filter(ballot=ballot).update(papers=[])
    tally = _write_tally(ballot, terms, papers, at)
    ballot.wraps, ballot.state = [], BallotState.COUNTED
    ballot.save(update_fields=["wraps", "state"])
    record_act(
        "count-ballot",
        ballot,
        actor=actor,
        papers_hash=hash_json(tally.count_input),
        result_hash=hash_json(tally.result),
    )
    if not ballot.on_paper:
        # Deleted rows and old versions of the roll still lie on the disk until the tables are rewritten.
        promise(f"sweep-urns:{ballot.pk}", "awards.tasks.sweep_urns", ballot=str(ballot.pk))
    ballot.tally = tally
    return ballot


@sensitive_variables()
def _unlock(ballot: Ballot, passphrases: Mapping[str, str]) -> X25519PrivateKey:
    try:
        return unlock(ballot.wraps, passphrases, public_key=bytes(ballot.public_key or b""))
    except SealingError as error:
        raise RefusedError("Chưa mở được hòm phiếu.", why=str(error)) from None


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
    """Count every paper. Which of them are the opinions of absent members nobody can tell, and nobody needs to.

    Both kinds count alike, so a result depends on how many of each there are and not on which. All are mixed, and the
    last ones stand in the file as the written ones. Papers alone, on paper, stay in the order of their stamped numbers.
    """
    written = count_written(ballot)
    if written:
        secrets.SystemRandom().shuffle(papers)
    cut = len(papers) - written
    laid = count_json(terms, papers[:cut], written=papers[cut:], issued=ballot.issued)
    try:
        result = count(parse_sitting(laid))
    except CountRefusedError as refusal:
        raise RefusedError("Chưa kiểm phiếu được.", why=str(refusal)) from None
    return Tally.objects.create(
        unit=ballot.unit,
        ballot=ballot,
        count_input=laid,
        result=to_json(result),
        counted_at=at,
    )
