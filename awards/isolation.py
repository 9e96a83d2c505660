"""Values of the isolation proof's rows that only this app can spell: a ballot that was counted, with its tally."""

from datetime import date, timedelta
from typing import Any

from units.roles import Role

_RULE = {
    "code": "thu",
    "title": "Quy tắc thử",
    "quorum": "1/2",
    "denominator": "valid",
    "threshold": "1/2",
    "count_written": False,
    "blank_is_valid": True,
    "citation": "Căn cứ thử",
    "confirmed": False,
}


def rule_values(_: Any) -> dict[str, Any]:
    """Fractions and no scale, where any word would be guessed: the page of a sitting reckons with them."""
    return {"quorum": _RULE["quorum"], "threshold": _RULE["threshold"], "max_score": None, "step": None}


def member_values(place: Any) -> dict[str, Any]:
    return {"user": place.accounts[Role.MEMBER], "seat": "member", "is_secretary": True}


def sitting_values(place: Any) -> dict[str, Any]:
    """A sitting to which members were invited."""
    says = {"day": "01/06/2023", "hour": "08:30", "place": place.mark(), "link": "", "agenda": [place.mark()]}
    return {"invited": says, "invitation_version": 1}


def ballot_values(place: Any) -> dict[str, Any]:
    nomination, member = place.row("exemplars.nomination"), place.row("awards.councilmember")
    terms = {
        "council": place.mark(),
        "title": place.mark(),
        "held_on": "2023-06-01",
        "kind": "approve",
        "rule": _RULE,
        "seats": None,
        "members": 1,
        "present": 1,
        "candidates": [
            {
                "id": str(nomination.pk),
                "order": 1,
                "name": place.mark(),
                "unit": place.mark(),
                "recognition": place.mark(),
            }
        ],
        "electorate": [str(member.pk)],
        "holders": [{"id": str(member.pk), "name": place.mark(), "duty": "Thư ký"}],
    }
    return {"state": "counted", "terms": terms, "electorate": [member.pk], "marks": [member.pk]}


def decision_values(place: Any) -> dict[str, Any]:
    """A decision that carries a count out and is published: what every reader may know.

    The public figures of its bonus money are made with it, because no row points to them.
    """
    place.row("awards.basesalary")
    place.row("awards.bonusprinciple")
    place.row("awards.bonusrate")
    return {
        "ballot": place.row("awards.ballot"),
        "published_on": date(2023, 6, 2),
        "signed_on": date(2023, 6, 1),
        "reason": "",
        "clause": "",
    }


def draft_values(place: Any) -> dict[str, Any]:
    """A draft without a number yet: what most steps open on."""
    values = {"ballot": place.row("awards.ballot"), "state": "drafted", "number": "", "dated": None, "reason": ""}
    values |= {"revokes": None, "kind": "", "grounds": "", "clause": "", "taken": [], "order": []}
    return values | {"decision": None, "delegation": None, "drafted_by": place.accounts[Role.SECRETARIAT]}


def salary_values(place: Any) -> dict[str, Any]:
    """Public, and one a day: each unit of the proof takes another day."""
    day = date(1900, 1, 1) + timedelta(days=int.from_bytes(place.code.encode()[:2], "big"))
    return {"valid_from": day, "amount": 1_000_000, "round_up_to": 1000}


def principle_values(place: Any) -> dict[str, Any]:
    return {"valid_from": salary_values(place)["valid_from"], "within_days": 31}


def letter_values(place: Any) -> dict[str, Any]:
    paper = {"number": place.mark(), "signed_on": "01/06/2023", "subject": place.mark(), "issuer": place.mark()}
    return {"paper": paper | {"revokes": "", "revoked_on": "", "reason": ""}, "recipient": place.accounts[Role.CLERK]}


def tally_values(place: Any) -> dict[str, Any]:
    from awards.terms import CONTEST, count_input, count_json, paper_rules, terms_of
    from awards.voting import clean_paper, count, to_json

    terms = terms_of(place.row("awards.ballot"))
    choices = {CONTEST: {one["id"]: "yes" for one in terms["candidates"]}}
    papers = [clean_paper(paper_rules(terms), choices)]
    return {"count_input": count_json(terms, papers), "result": to_json(count(count_input(terms, papers)))}


def minutes_values(_: Any) -> dict[str, Any]:
    """Minutes of the meeting, sent and waiting for ink to be confirmed: what most pages of minutes show."""
    return {
        "ballot": None,
        "kind": "meeting",
        "state": "signing",
        "corrects": None,
        "reason": "",
        "sent_sha256": "0" * 64,
        "sha256": "0" * 64,
    }


def signature_values(place: Any) -> dict[str, Any]:
    return {"state": "recorded", "way": "ink", "scan": place.row("awards.minutesscan"), "signed_at": None}


def received_values(place: Any) -> dict[str, Any]:
    """Received and with nothing told: what most of its pages open on."""
    return {"nomination": place.row("exemplars.nomination"), "state": "received", "answer": "", "results": []}


def reading_values(place: Any) -> dict[str, Any]:
    """The member's own mark about the case that stands on the agenda."""
    item = place.row("awards.agendaitem")
    return {
        "owner": place.accounts[Role.MEMBER],
        "sitting": item.sitting_id,
        "nomination": item.nomination_id,
        "is_read": True,
    }


def conflict_values(place: Any) -> dict[str, Any]:
    """Of another member: whoever takes no part in a case does not see it, and the proof's member has to."""
    from awards.models import CouncilMember

    own = place.row("awards.councilmember")
    other = CouncilMember.objects.create(
        unit=own.unit,
        council=own.council,
        user=place.accounts[Role.RECORDS],
        seat=own.seat,
        position=place.mark(),
        order=own.order + 1,
        valid_from=own.valid_from,
    )
    return {"member": other, "nomination": place.row("exemplars.nomination"), "ground": "kinship"}
