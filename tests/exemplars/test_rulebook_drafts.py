"""A unit's own criteria: written, checked, tried on judged nominations, published by another, taken out and in."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exemplars import rules
from exemplars.models import Assessment, Nomination, RulebookDraft, RulebookEdition, RulebookTrial
from exemplars.selectors.rulebooks import find_surroundings, find_trial, list_held_editions
from exemplars.services.rulebook_drafts import (
    add_criterion,
    add_recognition,
    add_rulebook,
    copy_rulebook,
    discard_rulebook_draft,
    edit_criterion,
    edit_rulebook_draft,
    import_rulebook,
    move_criterion,
    remove_criterion,
    remove_recognition,
)
from exemplars.services.rulebook_trials import publish_rulebook_draft, try_rulebook_draft
from tests.builders import AT, DAY, actor
from tests.exemplars.test_nominations import Story
from units.actors import Actor
from units.models import AuditEntry
from units.refusals import RefusedError
from units.roles import Role
from units.scoping import maintenance_scope, unit_scope
from units.services.register import load_catalogues

pytestmark = pytest.mark.django_db


class Desk:
    """A bureau with a published rulebook, one judged nomination below it, a writer and a head."""

    def __init__(self) -> None:
        load_catalogues()
        self.story = Story()
        self.writer: Actor = self.story.secretariat
        self.head: Actor = actor(self.story.tree.bureau, Role.HEAD)
        self.edition = RulebookEdition.objects.get()

    def submitted(self) -> Nomination:
        return self.story.submitted()

    def copied(self) -> RulebookDraft:
        return copy_rulebook(self.edition, actor=self.writer, at=AT)

    def problems(self, draft: RulebookDraft) -> list[str]:
        return [one.words for one in rules.list_problems(draft.content, find_surroundings(draft.unit))]

    def tried(self, draft: RulebookDraft, year: int | None = None) -> RulebookTrial:
        draft.refresh_from_db()
        return try_rulebook_draft(draft, year, version=draft.version, actor=self.writer, at=AT)

    def published(self, draft: RulebookDraft) -> RulebookEdition:
        draft.refresh_from_db()
        return publish_rulebook_draft(draft, version=draft.version, actor=self.head, at=AT)

    def change(self, draft: RulebookDraft, number: int, **values: Any) -> RulebookDraft:
        draft.refresh_from_db()
        kept = dict(draft.content["criterion"][number - 1])
        return edit_criterion(draft, number, kept | values, [1], version=draft.version, actor=self.writer, at=AT)


@pytest.fixture
def desk() -> Iterator[Desk]:
    with maintenance_scope("tests read every unit"):
        yield Desk()


def test_a_copy_of_the_units_own_edition_is_the_next_one_and_has_nothing_to_mend(desk: Desk) -> None:
    draft = desk.copied()
    assert (draft.code, draft.content["edition"], draft.unit) == (desk.edition.code, 2, desk.story.tree.bureau)
    assert desk.problems(draft) == []


def test_a_copy_of_somebody_elses_is_a_rulebook_of_its_own(desk: Desk) -> None:
    writer = actor(desk.story.tree.stranger, Role.SECRETARIAT)
    draft = copy_rulebook(desk.edition, actor=writer, at=AT)
    assert draft.code != desk.edition.code
    assert draft.content["plan"]["issuer"] == "CTHADS-CBA"
    assert draft.content.get("edition", 1) == 1


def test_an_empty_draft_says_all_that_is_missing_and_grows_to_a_whole_one(desk: Desk) -> None:
    draft = add_rulebook("Tiêu chuẩn thử", actor=desk.writer, at=AT)
    told = desk.problems(draft)
    assert any("chưa có tiêu chuẩn nào" in words for words in told)
    assert "Hiệu lực từ: chưa có." in told
    by: dict[str, Any] = {"actor": desk.writer, "at": AT}
    edit_rulebook_draft(
        draft,
        {"title": "Tiêu chuẩn thử", "valid_from": "2026-01-01", "valid_to": None},
        {"title": "Kế hoạch thử", "number": "01/KH-MAU", "issued_month": "2026-01", "issued_on": None, "note": None},
        version=1,
        **by,
    )
    add_recognition(draft, {"code": "grassroots-annual", "label": "Hằng năm", "period": None}, version=2, **by)
    assert add_criterion(draft, "grading", version=3, **by) == 1
    draft.refresh_from_db()
    missing = ["Nội dung", "Điều khoản", "Từ mức", "Cách khắc phục"]
    assert desk.problems(draft) == [f"{name}: chưa có." for name in missing]
    edit_criterion(
        draft,
        1,
        {
            "code": "A",
            "label": "Xếp loại tốt",
            "citation": {"document": "Kế hoạch thử", "clause": "1"},
            "predicate": {"kind": "grading", "at_least": "good"},
            "remedy": "Chờ năm sau.",
        },
        [1],
        version=4,
        **by,
    )
    draft.refresh_from_db()
    assert desk.problems(draft) == []
    assert draft.content["recognition"][0]["criteria"] == ["A"]


def test_what_was_typed_is_kept_although_it_does_not_fit(desk: Desk) -> None:
    draft = desk.change(desk.copied(), 2, predicate={"kind": "grading-years", "at_least": "good", "years": "ba"})
    assert draft.content["criterion"][1]["predicate"]["years"] == "ba"
    assert desk.problems(draft) == ["Số năm liên tục: đang là “ba”; cần một số nguyên."]


UNSOUND = {
    "unknown title": ({"predicate": {"kind": "held-title", "title": "HUANCHUONG-SAO"}}, "Danh mục không có"),
    "title of the other kind": (
        {"predicate": {"kind": "title-eligible", "at_least": "TTLDXS"}, "applies_to": ["person"]},
        "không tặng cho cá nhân",
    ),
    "longer than the time looked at": (
        {"predicate": {"kind": "recognised", "recognition": "sector-annual", "label": "x", "times": 2}},
        "Không thể đạt",
    ),
    "asks for itself": (
        {"predicate": {"kind": "recognised", "recognition": "grassroots-annual", "label": "x"}},
        "Không thể đạt",
    ),
    "a document that had ended": (
        {"citation": {"document": "Nghị định 42/2010/NĐ-CP", "clause": "Điều 1"}},
        "đã hết hiệu lực",
    ),
    "staff of a person": (
        {"predicate": {"kind": "no-discipline", "of": "staff", "at_least": "canh-cao"}, "applies_to": ["person"]},
        "không hợp với cá nhân",
    ),
    "service of a collective": (
        {"predicate": {"kind": "service-time", "months": 6}, "applies_to": ["collective"]},
        "chỉ hỏi được cá nhân",
    ),
    "a code twice": ({"code": "G1"}, "Mã G1 dùng cho 2 mục"),
}


@pytest.mark.parametrize("case", UNSOUND)
def test_checks_speak_beside_the_criterion(desk: Desk, case: str) -> None:
    values, words = UNSOUND[case]
    draft = desk.change(desk.copied(), 2, **values)
    found = rules.list_problems(draft.content, find_surroundings(draft.unit))
    assert any(words in one.words and (one.part, one.number) == ("criterion", 2) for one in found), found


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2022-01-01", "2025-12-31", None),
        ("2020-01-01", "2025-12-31", "chồng lên"),
        ("2022-01-01", "2024-12-31", "lại xét theo bản cũ"),
        ("2026-01-01", None, None),
        ("2022-02-01", "2022-03-01", "không có ngày 31/12"),
    ],
)
def test_an_interval_takes_over_from_the_last_edition_and_overlaps_no_other(
    desk: Desk, first: str, last: str | None, words: str | None
) -> None:
    draft = desk.copied()
    draft.content |= {"valid_from": first, "valid_to": last}
    if last is None:
        del draft.content["valid_to"]
    told = desk.problems(draft)
    assert told == [] if words is None else any(words in one for one in told)


def test_another_rulebook_for_the_same_recognition_may_not_overlap(desk: Desk) -> None:
    draft = desk.copied()
    draft.content["code"] = "ban-khac"
    assert any("cùng xét một hình thức" in words for words in desk.problems(draft))


def test_a_draft_is_tried_on_what_was_judged_and_nothing_is_written(desk: Desk) -> None:
    one = desk.submitted()
    before = list(Assessment.objects.values("pk", "verdict", "findings", "question"))
    draft = desk.change(desk.copied(), 2, predicate={"kind": "held-title", "title": "CSTDTQ"}, applies_to=["person"])
    trial = desk.tried(draft, 2023)
    assert trial.counts == {"tried": 1, "same": 0, "changed": 1, "gained": 0, "lost": 1, "unjudged": 0}
    (row,) = trial.rows
    assert (row["nomination"], row["was"], row["now"]) == (str(one.pk), "undetermined", "unmet")
    assert {"code": "G2", "was": "met", "now": "unmet"} in row["changes"]
    assert list(Assessment.objects.values("pk", "verdict", "findings", "question")) == before


def test_a_draft_that_asks_the_same_changes_nothing(desk: Desk) -> None:
    desk.submitted()
    trial = desk.tried(desk.copied(), 2023)
    assert (trial.counts["same"], trial.rows) == (1, [])


def test_last_year_is_tried_although_the_draft_begins_later(desk: Desk) -> None:
    desk.submitted()
    draft = desk.copied()
    draft.content |= {"valid_from": "2024-01-01"}
    draft.save()
    assert desk.tried(draft, 2023).counts["unjudged"] == 0


def test_nothing_to_try_on_is_said_and_kept(desk: Desk) -> None:
    assert desk.tried(desk.copied()).year is None
    desk.submitted()
    with pytest.raises(RefusedError, match="Có đề nghị"):
        desk.tried(desk.copied())


def test_a_published_draft_is_an_edition_that_judges_from_its_day(desk: Desk) -> None:
    desk.submitted()
    draft = desk.copied()
    with pytest.raises(RefusedError, match="chưa được thử"):
        desk.published(draft)
    desk.tried(draft, 2023)
    edition = desk.published(draft)
    assert (edition.edition, edition.issuer, edition.code) == (2, desk.story.tree.bureau, desk.edition.code)
    assert rules.parse_rulebook(edition.document).edition_hash == edition.edition_hash
    states = {one.edition.edition: one.state(DAY) for one in list_held_editions([desk.story.tree.bureau.pk])}
    assert states == {1: "replaced", 2: "in-force"}
    draft.refresh_from_db()
    with pytest.raises(RefusedError, match="không còn mở"):
        remove_criterion(draft, 1, version=draft.version, actor=desk.writer, at=AT)
    entry = AuditEntry.objects.filter(subject_id=draft.pk).order_by("-id")[0]
    assert (entry.verb, entry.detail["edition"]) == ("publish-rulebook-draft", 2)


@pytest.mark.parametrize("persona", ["unit", "maintenance"])
def test_nobody_changes_or_removes_an_edition(desk: Desk, persona: str) -> None:
    for statement in ("UPDATE exemplars_rulebookedition SET title = 'x'", "DELETE FROM exemplars_rulebookedition"):
        scope = (
            unit_scope(desk.story.tree.ministry.path)
            if persona == "unit"
            else maintenance_scope("tests read every unit")
        )
        with (
            scope,
            connection.cursor() as cursor,
            pytest.raises(ProgrammingError, match="denied"),
            transaction.atomic(),
        ):
            cursor.execute(statement)


def test_a_change_after_the_trial_asks_for_another(desk: Desk) -> None:
    draft = desk.copied()
    desk.tried(draft)
    desk.change(draft, 1, label="Lời khác")
    draft.refresh_from_db()
    assert find_trial(draft) is None
    with pytest.raises(RefusedError, match="chưa được thử"):
        desk.published(draft)


def test_who_wrote_last_does_not_publish(desk: Desk) -> None:
    draft = desk.copied()
    desk.tried(draft)
    draft.saved_by = desk.head.account
    draft.save()
    with pytest.raises(RefusedError, match="Người sửa cuối"):
        desk.published(draft)


def test_an_unsound_draft_is_neither_tried_nor_published(desk: Desk) -> None:
    draft = desk.change(desk.copied(), 1, label="")
    with pytest.raises(RefusedError, match="còn 1 chỗ"):
        desk.tried(draft)
    with pytest.raises(RefusedError, match="còn 1 chỗ"):
        desk.published(draft)


def test_the_second_of_two_writers_is_told_and_another_unit_is_refused(desk: Desk) -> None:
    draft = desk.copied()
    move_criterion(draft, 1, 2, version=1, actor=desk.writer, at=AT)
    with pytest.raises(RefusedError, match="vừa được sửa"):
        move_criterion(draft, 1, 2, version=1, actor=desk.writer, at=AT)
    with pytest.raises(RefusedError, match="đơn vị khác"):
        discard_rulebook_draft(draft, version=2, actor=actor(desk.story.tree.ministry, Role.SECRETARIAT), at=AT)


def test_criteria_change_places_and_names_in_every_recognition(desk: Desk) -> None:
    draft = desk.copied()
    move_criterion(draft, 1, 2, version=1, actor=desk.writer, at=AT)
    draft.refresh_from_db()
    assert draft.content["recognition"][0]["criteria"][:2] == ["G2", "G1"]
    desk.change(draft, 1, code="G2-MOI")
    draft.refresh_from_db()
    assert draft.content["recognition"][0]["criteria"][:2] == ["G2-MOI", "G1"]
    remove_criterion(draft, 1, version=draft.version, actor=desk.writer, at=AT)
    draft.refresh_from_db()
    assert "G2-MOI" not in draft.content["recognition"][0]["criteria"]
    remove_recognition(draft, 1, version=draft.version, actor=desk.writer, at=AT)
    draft.refresh_from_db()
    assert draft.content["recognition"] == []


def test_out_and_in_again_is_the_same_rulebook(desk: Desk) -> None:
    draft = desk.copied()
    document = rules.write_document(draft.content)
    again = import_rulebook(document.encode(), actor=desk.writer, at=AT)
    assert rules.hash_of(again.content) == rules.hash_of(draft.content)
    again.refresh_from_db()
    assert rules.hash_of(again.content) == rules.hash_of(draft.content)
    desk.tried(again)
    edition = desk.published(again)
    assert edition.edition_hash == rules.hash_of(draft.content)
    assert rules.read_rulebook_file(edition.document.encode()).rulebook.edition_hash == edition.edition_hash


def test_a_broken_file_makes_no_draft_and_says_where(desk: Desk) -> None:
    broken = desk.edition.document.replace('kind = "grading", at', 'kind = "gradding", at').encode()
    with pytest.raises(RefusedError, match="không đúng mẫu") as refused:
        import_rulebook(broken, actor=desk.writer, at=AT)
    assert "Dòng 37" in refused.value.why
    assert not RulebookDraft.objects.exists()


# --- screens -------------------------------------------------------------------------------------------------------


@pytest.fixture
def signed(settings: Any) -> Any:
    settings.DEMONSTRATION_DAY = DAY.isoformat()

    def sign(who: Actor) -> Client:
        client = Client()
        client.force_login(who.account)
        return client

    return sign


def address(name: str, *keys: object) -> str:
    return reverse(f"exemplars:{name}", args=keys)


class Rows:
    def __init__(self) -> None:
        with maintenance_scope("test rows"):
            self.desk = Desk()
            self.one = self.desk.submitted()
            self.draft = self.desk.copied()


def test_a_draft_is_written_tried_and_published_through_its_pages(signed: Any) -> None:
    rows = Rows()
    writer, head, draft = signed(rows.desk.writer), signed(rows.desk.head), rows.draft
    page = writer.get(draft.get_absolute_url()).content.decode()
    assert "Thử trên đề nghị đã có" in page
    assert address("rulebook-draft-publish", draft.pk) not in page
    sent = {"version": 1, "code": "G2", "label": "Lời của đơn vị", "document": "Kế hoạch", "clause": "1"}
    sent |= {"applies_to": ["person"], "recognitions": ["1"], "remedy": "Chờ", "kind": "grading", "p_at_least": "good"}
    answer = writer.post(address("criterion-edit", draft.pk, 2), sent)
    assert (answer.status_code, answer["Location"]) == (302, f"{draft.get_absolute_url()}#tieu-chuan-2")
    answer = writer.post(address("criterion-edit", draft.pk, 2), sent | {"label": "Lời thứ hai"})
    assert answer.status_code == 422
    assert "Lời thứ hai" in answer.content.decode()
    assert "vừa được sửa" in answer.content.decode()
    waits = "<strong>1</strong> bản nháp tiêu chuẩn chờ thủ trưởng ban hành."

    def is_told() -> list[bool]:
        return [waits in who.get("/assignments/").content.decode() for who in (head, writer)]

    assert is_told() == [False, False]
    answer = writer.post(address("rulebook-draft-try", draft.pk), {"version": 2, "year": "2023"}, follow=True)
    assert "1 đề nghị năm 2023" in answer.content.decode()
    assert is_told() == [True, False]
    trial = answer.request["PATH_INFO"]
    assert writer.get(f"{trial}workbook/").status_code == 200
    assert writer.post(address("rulebook-draft-publish", draft.pk), {"version": 2}).status_code == 403
    assert address("rulebook-draft-publish", draft.pk) in head.get(draft.get_absolute_url()).content.decode()
    answer = head.post(address("rulebook-draft-publish", draft.pk), {"version": 2}, follow=True)
    assert "Đã ban hành" in answer.content.decode()
    assert "Lời của đơn vị" in answer.content.decode()
    assert head.get(draft.get_absolute_url()).status_code == 404
    assert is_told() == [False, False]


def test_changing_the_predicate_opens_its_own_parameters(signed: Any) -> None:
    rows = Rows()
    writer = signed(rows.desk.writer)
    sent = {"version": 1, "code": "G2", "label": "x", "document": "y", "clause": "1", "applies_to": ["person"]}
    sent |= {"recognitions": ["1"], "remedy": "z", "kind": "initiative", "p_at_least": "good"}
    answer = writer.post(address("criterion-edit", rows.draft.pk, 2), sent, follow=True)
    page = answer.content.decode()
    assert "Ít nhất mấy sáng kiến" in page
    assert "Ít nhất mấy sáng kiến: chưa có" in page


@pytest.mark.parametrize("kind", [entry.kind for entry in rules.OFFERED])
def test_every_predicate_has_a_page(signed: Any, kind: str) -> None:
    rows = Rows()
    with unit_scope(rows.desk.story.tree.bureau.path):
        number = add_criterion(rows.draft, kind, version=1, actor=rows.desk.writer, at=AT)
    writer = signed(rows.desk.writer)
    page = writer.get(address("criterion-edit", rows.draft.pk, number))
    assert page.status_code == 200
    assert rules.BY_KIND[kind].label in page.content.decode()


def refresh(draft: RulebookDraft) -> None:
    with maintenance_scope("test rows"):
        draft.refresh_from_db()


def test_conditions_inside_conditions_are_written_page_by_page(signed: Any) -> None:
    rows = Rows()
    writer, draft = signed(rows.desk.writer), rows.draft

    def add(number: int, kind: str, inside: str = "") -> Any:
        refresh(draft)
        path = address("criterion-part-add", draft.pk, number) + (f"?in={inside}" if inside else "")
        return writer.post(path, {"version": draft.version, "kind": kind})

    def fill(path: str, **typed: Any) -> Any:
        refresh(draft)
        return writer.post(path, {"version": draft.version} | typed)

    sent = {"version": 1, "code": "G2", "label": "x", "document": "y", "clause": "1", "applies_to": ["person"]}
    sent |= {"recognitions": ["1"], "remedy": "z", "kind": "any-of", "p_at_least": "good"}
    writer.post(address("criterion-edit", draft.pk, 2), sent)
    answer = add(2, "all-of")
    assert answer["Location"] == address("criterion-part-edit", draft.pk, 2, "2")
    assert add(2, "initiative", "2")["Location"] == address("criterion-part-edit", draft.pk, 2, "2-1")
    page = writer.get(draft.get_absolute_url()).content.decode()
    assert "Điều kiện 2.1, ít nhất mấy sáng kiến: chưa có." in page
    fill(address("criterion-part-edit", draft.pk, 2, "2-1"), kind="initiative", p_times="1", p_levels=["ministry"])
    assert "ít nhất hai phép kiểm" in writer.get(draft.get_absolute_url()).content.decode()
    add(2, "attested", "2")
    assert add(2, "any-of", "2").status_code == 422
    refresh(draft)
    assert draft.content["criterion"][1]["predicate"] == {
        "kind": "any-of",
        "parts": [
            {"kind": "grading", "at_least": "good"},
            {
                "kind": "all-of",
                "parts": [{"kind": "initiative", "times": 1, "levels": ["ministry"]}, {"kind": "attested"}],
            },
        ],
    }
    with maintenance_scope("the checks read the catalogue"):
        assert rows.desk.problems(draft) == []
    fill(address("criterion-part-remove", draft.pk, 2, "1"))
    refresh(draft)
    assert [one["kind"] for one in draft.content["criterion"][1]["predicate"]["parts"]] == ["all-of"]
    for place in ("1-9", "0", "x"):
        assert writer.get(address("criterion-part-edit", draft.pk, 2, place)).status_code == 404


def test_a_cap_is_written_reckoned_and_taken_out(signed: Any) -> None:
    rows = Rows()
    writer, draft = signed(rows.desk.writer), rows.draft
    sent = {"version": 1, "title": "CSTDCS", "base": "LDTT", "percent": "15", "rounding": "up", "document": "Luật"}
    tried = writer.post(address("quota-add", draft.pk), sent | {"clause": "1", "reckon": "1"})
    assert tried.status_code == 200
    assert "15% của 9 là 1,35, làm tròn lên thành 2." in tried.content.decode()
    refresh(draft)
    assert "quota" not in draft.content
    page = writer.post(address("quota-add", draft.pk), sent, follow=True).content.decode()
    assert "Điều khoản: chưa có." in page
    sent |= {"clause": "1", "percent": "150", "version": 2}
    page = writer.post(address("quota-edit", draft.pk, 1), sent, follow=True).content.decode()
    assert "Tỷ lệ phần trăm: đang là 150" in page
    page = writer.post(address("quota-edit", draft.pk, 1), sent | {"percent": "15", "version": 3}, follow=True)
    assert "15% của 47 là 7,05, làm tròn lên thành 8." in page.content.decode()
    with maintenance_scope("the checks read the catalogue"):
        refresh(draft)
        assert rows.desk.problems(draft) == []
    writer.post(address("quota-remove", draft.pk, 1), {"version": 4})
    refresh(draft)
    assert "quota" not in draft.content


def test_a_file_goes_out_and_comes_in(signed: Any) -> None:
    rows = Rows()
    writer = signed(rows.desk.writer)
    document = writer.get(address("rulebook-draft-export", rows.draft.pk)).content
    answer = writer.post(
        address("rulebook-import"), {"file": SimpleUploadedFile("a.toml", document)}, follow=True
    ).content.decode()
    assert "Đã đọc tệp thành bản nháp" in answer
    broken = writer.post(address("rulebook-import"), {"file": SimpleUploadedFile("a.toml", b"code = 1")})
    assert broken.status_code == 422
    assert "Dòng 1" in broken.content.decode()
    assert writer.get(address("rulebook-export", rows.desk.edition.pk)).content.decode() == rows.desk.edition.document


def count_queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).status_code == 200
    return len(caught)


@pytest.mark.parametrize("show", ["own", "above", "below", "drafts"])
def test_the_list_costs_the_same_for_one_and_for_many(signed: Any, show: str) -> None:
    rows = Rows()
    writer = signed(rows.desk.writer)
    path = f"{address('rulebook-list')}?show={show}"
    client_first = count_queries(writer, path)
    with maintenance_scope("test rows"):
        for number in range(30):
            rows.desk.copied()
            RulebookEdition.objects.create(
                issuer=rows.desk.story.tree.bureau if show == "own" else rows.desk.story.tree.ministry,
                code=f"ban-{number}",
                title=f"Bản {number}",
                document="",
                edition_hash=f"{number}",
                valid_from=date(2023, 1, 1),
            )
    assert count_queries(writer, path) == client_first
    assert writer.get(f"{path}&page=2").status_code == 200


def test_drafts_of_units_below_and_beside_are_not_found(signed: Any) -> None:
    rows = Rows()
    for place in (rows.desk.story.tree.ministry, rows.desk.story.tree.stranger):
        with maintenance_scope("test rows"):
            other = actor(place, Role.SECRETARIAT)
        assert signed(other).get(rows.draft.get_absolute_url()).status_code == 404


def test_criteria_are_read_by_everybody_below(signed: Any) -> None:
    rows = Rows()
    page = signed(rows.desk.story.clerk).get(f"{address('rulebook-list')}?show=above").content.decode()
    assert rows.desk.edition.title in page
    page = signed(rows.desk.story.clerk).get(address("rulebook-detail", rows.desk.edition.pk)).content.decode()
    assert "B-C1" in page
    assert "Sao chép" not in page
