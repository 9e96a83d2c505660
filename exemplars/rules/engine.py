"""Judges every criterion of a recognition on one case. It advises; it grants nothing."""

from exemplars.rules.facts import Case
from exemplars.rules.findings import Assessment, Finding, Status
from exemplars.rules.predicates import Question, Span
from exemplars.rules.rulebook import Criterion, Recognition, Rulebook


class NotApplicableError(ValueError):
    """The rulebook has no answer to give: another edition, recognition, year or kind of nominee is meant."""


def assess(rulebook: Rulebook, case: Case) -> Assessment:
    """Every applicable criterion judged, none stopping another; the same input gives the same findings.

    Raises NotApplicableError rather than judging by criteria that were not made for the case.
    """
    recognition = rulebook.recognition(case.recognition)
    if recognition is None:
        known = ", ".join(known.code for known in rulebook.recognitions)
        raise NotApplicableError(
            f"Bản quy định {rulebook.code} không có hình thức công nhận “{case.recognition}”; có: {known}."
        )
    span = _span(rulebook, recognition, case)
    findings = tuple(
        [
            _find(criterion, Question(criterion.code, span, rulebook.ladders, case))
            for criterion in rulebook.criteria_for(recognition, case)
        ]
    )
    if not findings:
        raise NotApplicableError(
            f"“{recognition.label}” không có tiêu chuẩn nào cho {case.nominee.kind.label}, nên không đối "
            "chiếu được. Kiểm tra lại đối tượng hoặc chọn bản quy định khác."
        )
    return Assessment(rulebook.code, rulebook.edition_hash, recognition.code, case.year, case.as_of, findings)


def _span(rulebook: Rulebook, recognition: Recognition, case: Case) -> Span:
    span = recognition.span(case.year)
    if span is None:
        wanted = "không kèm năm, vì xét cả giai đoạn" if recognition.period else "kèm năm xét"
        raise NotApplicableError(f"“{recognition.label}” phải được hỏi {wanted}.")
    if not rulebook.in_force(span.last_day):
        raise NotApplicableError(
            f"Bản quy định {rulebook.code} không áp dụng cho thành tích {span}; chọn bản có hiệu lực "
            f"ngày {span.last_day:%d/%m/%Y}."
        )
    return span


def _find(criterion: Criterion, question: Question) -> Finding:
    judgement = criterion.predicate.judge(question)
    status = judgement.status
    is_unmet = status is Status.UNMET
    chance = judgement.chance if is_unmet else None
    return Finding(
        criterion.code,
        status,
        criterion.label,
        criterion.citation,
        judgement.reason,
        "" if status is Status.MET else judgement.remedy or criterion.remedy,
        judgement.evidence,
        judgement.missing if is_unmet else "",
        chance.day if chance else None,
        chance.words if chance else "",
        judgement.awaits if status is Status.UNDETERMINED else None,
    )
