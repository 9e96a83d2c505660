"""Trying a draft on nominations that were judged before, and publishing what was tried."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from exemplars import rules
from exemplars.models import Assessment, RulebookDraft, RulebookDraftState, RulebookEdition, RulebookTrial
from exemplars.selectors.rulebooks import find_surroundings, find_trial, list_judged, list_tried_years, trial_hash
from exemplars.services.rulebook_drafts import lock_draft, next_edition
from exemplars.services.rulebooks import publish_edition
from units.actors import Actor
from units.refusals import RefusedError
from units.services.audit import record_act

CHUNK = 500
MOST_TRIED = 20_000
WORTH = {"unmet": 0, "undetermined": 1, "met": 2}


def try_rulebook_draft(
    draft: RulebookDraft, year: int | None, *, version: int, actor: Actor, at: datetime
) -> RulebookTrial:
    """Judge the nominations of `year` in sight by the draft, from what their stored assessments read.

    None: there are no judged nominations to try it on, which is kept as an answer too; refused while there are some.
    Nothing of a nomination is written.
    """
    locked = lock_draft(draft, version=version, actor=actor)
    rulebook = _require_sound(locked)
    recognitions = [one.code for one in rulebook.recognitions]
    years = list_tried_years(actor.unit, recognitions)
    if year is None and years:
        raise RefusedError("Có đề nghị đã đối chiếu để thử.", remedy="Chọn một năm rồi thử lại.")
    if year is not None and year not in years:
        raise RefusedError(f"Năm {year} không có đề nghị nào đã đối chiếu.", remedy="Chọn năm khác trong danh sách.")
    counts: Counter[str] = Counter(dict.fromkeys(("tried", "same", "changed", "gained", "lost", "unjudged"), 0))
    # A ministry's year is many megabytes of facts: a few hundred at a time.
    stored: Iterable[Assessment] = ()
    if year is not None:
        stored = list_judged(actor.unit, recognitions, year)[:MOST_TRIED].iterator(CHUNK)
    rows = list(_try(rulebook, stored, counts))
    rows.sort(key=lambda row: (row["was"] == row["now"], row["nomination"]))
    trial = RulebookTrial.objects.create(
        unit=actor.unit,
        draft=locked,
        content_hash=trial_hash(locked.content),
        year=year,
        counts=dict(counts),
        rows=rows,
        tried_label=actor.label,
        tried_at=at,
    )
    record_act("try-rulebook-draft", locked, actor=actor, title=str(locked), tried=counts["tried"], year=year or "")
    return trial


def _try(rulebook: rules.Rulebook, stored: Iterable[Assessment], counts: Counter[str]) -> Iterator[dict[str, Any]]:
    """The differences, counting all. The interval of the draft is set aside: last year is asked on purpose."""
    always = replace(rulebook, valid_from=date.min, valid_to=None)
    for one in stored:
        counts["tried"] += 1
        was = {finding["code"]: finding["status"] for finding in one.findings}
        try:
            again = rules.assess(always, rules.load_case(one.question, always))
        except (rules.DocumentError, rules.NotApplicableError) as error:
            counts["unjudged"] += 1
            yield {
                "nomination": str(one.nomination_id),
                "was": one.verdict,
                "now": "",
                "why": str(error),
                "changes": [],
            }
            continue
        now = {finding.code: finding.status.value for finding in again.findings}
        verdict = again.verdict.value
        changes = [
            {"code": code, "was": was.get(code, ""), "now": now.get(code, "")}
            for code in dict.fromkeys([*now, *was])
            if was.get(code) != now.get(code)
        ]
        counts["changed" if verdict != one.verdict else "same"] += 1
        counts["gained"] += WORTH[verdict] > WORTH[one.verdict]
        counts["lost"] += WORTH[verdict] < WORTH[one.verdict]
        if changes or verdict != one.verdict:
            yield {
                "nomination": str(one.nomination_id),
                "was": one.verdict,
                "now": verdict,
                "why": "",
                "changes": changes,
            }


def publish_rulebook_draft(draft: RulebookDraft, *, version: int, actor: Actor, at: datetime) -> RulebookEdition:
    """Make the draft an edition that nobody changes any more, in force from its own first day.

    Refused while a check finds something, before it was tried as it stands, and to whoever wrote it last: two people
    look at criteria before they hold.
    """
    locked = lock_draft(draft, version=version, actor=actor)
    _require_sound(locked)
    if find_trial(locked) is None:
        raise RefusedError(
            "Bản nháp chưa được thử như nội dung hiện nay.",
            why="Nội dung đã đổi sau lần thử cuối, hoặc chưa thử lần nào.",
            remedy="Bấm «Thử trên đề nghị đã có», xem chênh lệch rồi ban hành.",
        )
    if locked.saved_by_id == actor.account.pk:
        raise RefusedError(
            "Người sửa cuối không tự ban hành được.",
            why="Tiêu chuẩn cần hai người xem: một người soạn, một người ban hành.",
            remedy="Nhờ thủ trưởng khác, hoặc để Thường trực Hội đồng lưu lại bản nháp rồi ban hành.",
        )
    least = next_edition(locked.unit, locked.code)
    if int(locked.content.get("edition", 1)) < least:
        locked.content["edition"] = least
    document = rules.write_document(locked.content)
    if RulebookEdition.objects.filter(edition_hash=rules.parse_rulebook(document).edition_hash).exists():
        raise RefusedError("Nội dung này đã được ban hành.", remedy="Mở bản đã ban hành trong danh sách.")
    edition = publish_edition(document)
    locked.state, locked.edition = RulebookDraftState.PUBLISHED, edition
    locked.version += 1
    locked.saved_at = at
    locked.save(update_fields=["state", "edition", "content", "version", "saved_at"])
    record_act(
        "publish-rulebook-draft",
        locked,
        actor=actor,
        title=edition.title,
        edition=edition.edition,
        on=f"{edition.valid_from:%d/%m/%Y}",
        digest=edition.edition_hash[:12],
    )
    return edition


def _require_sound(draft: RulebookDraft) -> rules.Rulebook:
    problems = rules.list_problems(draft.content, find_surroundings(draft.unit))
    if problems:
        raise RefusedError(
            f"Bản nháp còn {len(problems)} chỗ phải sửa.",
            why=problems[0].words,
            remedy="Mỗi chỗ được nêu ngay dưới mục của nó trên trang bản nháp.",
        )
    return rules.read_rulebook(rules.Section(draft.content))
