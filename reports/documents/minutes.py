"""Biên bản họp Hội đồng với kết quả kiểm phiếu. Says how many, never who."""

from reports.documents.facts import MemberFacts, MinutesFacts
from reports.documents.sheet import Sheet, fraction_words, heading, percent

OUTCOMES = {"elected": "Đạt", "tied": "Bằng phiếu, bỏ phiếu lại", "not-elected": "Không đạt"}


def lay_out(facts: MinutesFacts) -> Sheet:
    chair = next((member for member in facts.members if member.seat == "Chủ tịch"), None)
    secretary = next((member for member in facts.members if member.is_secretary), None)
    return Sheet(
        title="Biên bản họp Hội đồng và kết quả kiểm phiếu",
        template="reports/paper/minutes.html",
        context={
            "facts": facts,
            "head": heading(facts.head, facts.held_on, number=f"{' ' * 10}/BB-HĐTĐKT"),
            "chair": chair,
            "secretary": secretary,
            "tellers": [member for member in facts.members if member.is_teller],
            "absent": [member for member in facts.members if member.is_present is False],
            "duties": [(member, name_duties(member)) for member in facts.members],
            "threshold": fraction_words(facts.rule.threshold),
            "quorum": fraction_words(facts.rule.quorum),
            "contests": [
                (contest, [(one, percent(one.share), OUTCOMES[one.outcome]) for one in contest.candidates])
                for contest in facts.contests
            ],
        },
        note=f"{facts.council}, ngày {facts.held_on:%d/%m/%Y}",
    )


def name_duties(member: MemberFacts) -> str:
    """Seat and duties in the council, as lists of members print them."""
    duties = [member.seat]
    if member.is_secretary:
        duties.append("Thư ký")
    if member.is_teller:
        duties.append("Ban kiểm phiếu")
    return ", ".join(duties)
