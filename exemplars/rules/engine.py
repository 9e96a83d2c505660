"""Judges every criterion of a recognition on one case. It advises; it grants nothing."""

from typing import Final, NamedTuple

from exemplars.rules.facts import NOTHING_KNOWN, Case
from exemplars.rules.findings import Assessment, Finding, Judgement, Status
from exemplars.rules.questions import Answer, Question, Span, prepare
from exemplars.rules.rulebook import Criterion, Recognition, Rulebook

MOST_PREPARED: Final = 500  # a process that runs for weeks asks on many days


class NotApplicableError(ValueError):
    """The rulebook has no answer to give: another edition, recognition, year or kind of nominee is meant."""


class _Prepared(NamedTuple):
    """A criterion and how it answers those of whom the same is asked."""

    criterion: Criterion
    answer: Answer


def assess(rulebook: Rulebook, case: Case) -> Assessment:
    """Every applicable criterion judged, none stopping another; the same input gives the same findings.

    Raises NotApplicableError rather than judging by criteria that were not made for the case.
    """
    nominee = case.nominee
    key = (case.recognition, case.year, case.as_of, nominee.kind, nominee.employment, nominee.heads_unit)
    prepared = rulebook.prepared.get(key)
    if prepared is None:
        if len(rulebook.prepared) >= MOST_PREPARED:
            rulebook.prepared.clear()
        prepared = rulebook.prepared[key] = _prepare(rulebook, case)
    findings = tuple([_find(criterion, answer(case)) for criterion, answer in prepared])
    return Assessment(rulebook.code, rulebook.edition_hash, case.recognition, case.year, case.as_of, findings)


def _prepare(rulebook: Rulebook, case: Case) -> tuple[_Prepared, ...]:
    """What everybody with the same question shares; nothing that is known about this one is looked at."""
    case = Case(case.recognition, case.as_of, case.nominee, NOTHING_KNOWN, case.year)
    recognition = rulebook.recognition(case.recognition)
    if recognition is None:
        known = ", ".join(known.code for known in rulebook.recognitions)
        raise NotApplicableError(
            f"Bản quy định {rulebook.code} không có hình thức công nhận “{case.recognition}”; có: {known}."
        )
    span = _span(rulebook, recognition, case)
    prepared = tuple(
        _Prepared(criterion, prepare(criterion.predicate, Question(criterion.code, span, rulebook.ladders, case)))
        for criterion in rulebook.criteria_for(recognition, case)
    )
    if not prepared:
        raise NotApplicableError(
            f"“{recognition.label}” không có tiêu chuẩn nào cho {case.nominee.kind.label}, nên không đối "
            "chiếu được. Kiểm tra lại đối tượng hoặc chọn bản quy định khác."
        )
    return prepared


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


def _find(criterion: Criterion, judgement: Judgement) -> Finding:
    status, reason, evidence, remedy, missing, chance, awaits = judgement
    if status is Status.MET:
        return Finding(criterion.code, status, criterion.label, criterion.citation, reason, "", evidence)
    remedy = remedy or criterion.remedy
    if status is Status.UNDETERMINED:
        return Finding(
            criterion.code,
            status,
            criterion.label,
            criterion.citation,
            reason,
            remedy,
            evidence,
            awaits=awaits,
        )
    day, outlook = chance or (None, "")
    return Finding(
        criterion.code,
        status,
        criterion.label,
        criterion.citation,
        reason,
        remedy,
        evidence,
        missing,
        day,
        outlook,
    )
