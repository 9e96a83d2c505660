"""The chain of the trail: what tampering by the database's administrator leaves behind, entry by entry."""
# ruff: noqa: S608  the administrator's own statements

import json
import threading
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from config import embedded
from tests.builders import Tree, actor, person
from units.actors import Actor, system_actor
from units.models import AuditEntry, AuditLink, AuditStream, Person
from units.roles import Role
from units.scoping import maintenance_scope, unit_scope
from units.selectors import chain
from units.services.audit import record_act

pytestmark = pytest.mark.django_db(transaction=True)


class Trail:
    """Five acts in one branch, each in a transaction of its own, and two in another."""

    def __init__(self) -> None:
        with maintenance_scope("test rows"):
            self.tree = Tree()
            self.head: Actor = actor(self.tree.branch, Role.HEAD)
            self.ours: Person = person(self.tree.branch)
            self.theirs: Person = person(self.tree.stranger)
            self.entries = [record_act("open-record", self.ours, actor=self.head, turn=turn) for turn in range(5)]
            self.foreign = [record_act("open-record", self.theirs, actor=self.head) for _ in range(2)]
            self.stream = AuditLink.objects.get(entry=self.entries[0]).stream

    @property
    def ids(self) -> list[int]:
        return [entry.pk for entry in self.entries]


@pytest.fixture
def trail() -> Trail:
    made = Trail()
    assert verify() == (0, [])
    return made


def as_administrator(sql: str) -> None:
    """Do what no right of the application allows, with triggers and keys switched off."""
    script = f"SET session_replication_role = replica; {sql}"
    embedded.run_sql(settings.TEST_SERVERS_HOME, script, database=settings.TEST_DATABASE_NAME)


def verify(*options: str) -> tuple[int, list[dict[str, Any]]]:
    status, report = verify_as_json(*options)
    return status, report["breaches"]


def verify_as_json(*options: str) -> tuple[int, dict[str, Any]]:
    status, text = run("--json", *options)
    return status, json.loads(text)


def run(*options: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("verify_audit", *options, stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def links(stream: int) -> list[tuple[int, int]]:
    return list(AuditLink.objects.filter(stream=stream).values_list("number", "entry_id"))


def test_numbers_run_without_gaps_and_each_link_holds_the_one_before(trail: Trail) -> None:
    assert links(trail.stream) == list(enumerate(trail.ids, start=1))
    rows = list(AuditLink.objects.filter(stream=trail.stream))
    assert rows[0].previous == "0" * 64
    assert [row.previous for row in rows[1:]] == [row.hash for row in rows[:-1]]
    head = AuditStream.objects.get(pk=trail.stream)
    assert (head.number, head.hash) == (5, rows[-1].hash)


def test_a_rollback_leaves_no_gap(trail: Trail) -> None:
    with unit_scope(trail.tree.branch.path):
        with pytest.raises(KeyError), transaction.atomic():
            record_act("open-record", trail.ours, actor=trail.head)
            raise KeyError
        with transaction.atomic():
            with pytest.raises(KeyError), transaction.atomic():
                record_act("open-record", trail.ours, actor=trail.head)
                raise KeyError
            kept = record_act("open-record", trail.ours, actor=trail.head)
    assert links(trail.stream)[5:] == [(6, kept.pk)]
    assert verify() == (0, [])


def test_a_transaction_that_acts_in_two_branches_stays_in_one_stream() -> None:
    trail = Trail()
    streams = {AuditLink.objects.get(entry=one).stream for one in (trail.entries[0], trail.foreign[0])}
    assert len(streams) == 2
    with maintenance_scope("acts in two branches"), transaction.atomic():
        pair = [record_act("open-record", one, actor=trail.head) for one in (trail.theirs, trail.ours)]
    assert {AuditLink.objects.get(entry=one).stream for one in pair} == streams - {trail.stream}
    with maintenance_scope("the next transaction chooses anew"):
        later = record_act("open-record", trail.ours, actor=trail.head)
    assert AuditLink.objects.get(entry=later).stream == trail.stream
    assert verify() == (0, [])


def test_words_numbers_signs_and_jobs_are_hashed_alike_on_both_sides(trail: Trail) -> None:
    job = system_actor(trail.tree.branch, 'việc "đêm" \\ \t\x01\x7f\u2028 Đ\U0001f600')
    with unit_scope(trail.tree.branch.path):
        record_act(
            "open-record", trail.ours, actor=job, z=1, aa=[1.50, None, True, 1e22], b={"đ": "ế\n\u2029", "a": {}}
        )
    assert verify() == (0, [])


CHANGES = [
    "verb = 'close-ballot'",
    "detail = '{\"turn\": 9}'",
    "detail = '{}'",
    "actor_id = NULL",
    "actor_label = actor_label || ' '",
    "at = at + interval '1 microsecond'",
    "subject_id = gen_random_uuid()",
    "subject_type = 'units.honour'",
    "unit_id = (SELECT id FROM units_unit WHERE code = 'DINH-HOA')",
]


def test_a_changed_entry_is_named_whatever_was_changed(trail: Trail) -> None:
    with unit_scope(trail.tree.branch.path):
        more = [record_act("open-record", trail.ours, actor=trail.head) for _ in range(4)]
    entries = [*trail.ids, *(one.pk for one in more)]
    assert len(entries) == len(CHANGES)
    # From the newest backwards: each change moves the first bad entry one forward.
    for number, change in reversed(list(enumerate(CHANGES, start=1))):
        bad = entries[number - 1]
        as_administrator(f"UPDATE units_auditentry SET {change} WHERE id = {bad}")
        status, (breach,) = verify()
        named = (breach["stream"], breach["number"], breach["entry"], breach["what"])
        assert (status, named) == (1, (trail.stream, number, bad, chain.CHANGED)), change


def test_an_entry_shown_to_another_branch_is_named(trail: Trail) -> None:
    path = trail.tree.stranger.path
    as_administrator(f"UPDATE units_auditentry SET unit_path = '{path}' WHERE id = {trail.ids[1]}")
    status, (breach,) = verify()
    assert (status, breach["entry"], breach["what"]) == (1, trail.ids[1], chain.LYING_PATH)


def test_a_deleted_entry_is_named(trail: Trail) -> None:
    as_administrator(f"DELETE FROM units_auditentry WHERE id = {trail.ids[1]}")
    status, (breach,) = verify()
    assert (status, breach["number"], breach["entry"], breach["what"]) == (1, 2, trail.ids[1], chain.DELETED)


def test_an_entry_deleted_with_its_link_leaves_a_gap_before_the_next_one(trail: Trail) -> None:
    first, second, third = trail.ids[1:4]
    as_administrator(
        f"DELETE FROM units_auditentry WHERE id IN ({first}, {second});"
        f"DELETE FROM units_auditlink WHERE entry_id IN ({first}, {second})"
    )
    status, (breach,) = verify()
    assert (status, breach["number"], breach["entry"]) == (1, 4, third)
    assert breach["what"] == chain.GAP.format(first=2, last=3)


def test_the_newest_entries_cannot_vanish(trail: Trail) -> None:
    newest = trail.ids[4]
    as_administrator(
        f"DELETE FROM units_auditentry WHERE id = {newest}; DELETE FROM units_auditlink WHERE entry_id = {newest}"
    )
    status, (breach,) = verify()
    assert (status, breach["number"], breach["entry"]) == (1, 4, trail.ids[3])
    assert breach["what"] == chain.CUT.format(last=5)


def test_a_stream_that_vanished_whole_is_named(trail: Trail) -> None:
    as_administrator(f"DELETE FROM units_auditlink WHERE stream = {trail.stream}")
    status, breaches = verify()
    assert status == 1
    assert [(one["stream"], one["what"]) for one in breaches] == [
        (trail.stream, chain.CUT.format(last=5)),
        (None, chain.UNLINKED),
    ]


@pytest.mark.parametrize(
    ("tampering", "what"),
    [
        ("DELETE FROM units_auditstream WHERE stream = {stream}", chain.NO_HEAD),
        ("UPDATE units_auditstream SET hash = repeat('1', 64) WHERE stream = {stream}", chain.OTHER_HEAD),
        ("UPDATE units_auditstream SET number = 6 WHERE stream = {stream}", chain.CUT.format(last=6)),
    ],
)
def test_a_tampered_head_is_named(trail: Trail, tampering: str, what: str) -> None:
    as_administrator(tampering.format(stream=trail.stream))
    status, (breach,) = verify()
    assert (status, breach["stream"], breach["entry"], breach["what"]) == (1, trail.stream, trail.ids[4], what)


def test_a_head_moved_back_shows_the_entries_beyond_it(trail: Trail) -> None:
    as_administrator(
        "UPDATE units_auditstream SET number = 3, hash ="
        f" (SELECT hash FROM units_auditlink WHERE entry_id = {trail.ids[2]}) WHERE stream = {trail.stream}"
    )
    status, (breach,) = verify()
    assert (status, breach["number"], breach["entry"], breach["what"]) == (1, 4, trail.ids[3], chain.BEYOND_HEAD)


def test_an_entry_inserted_beside_the_chain_is_named(trail: Trail) -> None:
    as_administrator(
        "INSERT INTO units_auditentry (at, actor_id, actor_label, unit_id, unit_path, verb, subject_type, subject_id,"
        " detail) SELECT at, actor_id, actor_label, unit_id, unit_path, 'forward', subject_type, subject_id, detail"
        f" FROM units_auditentry WHERE id = {trail.ids[2]}"
    )
    status, (breach,) = verify()
    assert status == 1
    assert breach["stream"] is None
    assert breach["entry"] > trail.foreign[-1].pk
    assert breach["what"] == chain.UNLINKED


def test_an_entry_inserted_into_the_chain_is_named(trail: Trail) -> None:
    as_administrator(
        "INSERT INTO units_auditentry (id, at, actor_id, actor_label, unit_id, unit_path, verb, subject_type,"
        " subject_id, detail) SELECT 900, at, actor_id, actor_label, unit_id, unit_path, verb, subject_type,"
        f" subject_id, detail FROM units_auditentry WHERE id = {trail.ids[2]};"
        f"UPDATE units_auditlink SET number = number + 100 WHERE stream = {trail.stream} AND number > 2;"
        f"UPDATE units_auditlink SET number = number - 99 WHERE stream = {trail.stream} AND number > 100;"
        f"INSERT INTO units_auditlink SELECT 900, {trail.stream}, 3, hash, repeat('a', 64) FROM units_auditlink"
        f" WHERE stream = {trail.stream} AND number = 2;"
        f"UPDATE units_auditstream SET number = 6 WHERE stream = {trail.stream}"
    )
    status, (breach,) = verify()
    assert (status, breach["number"], breach["entry"], breach["what"]) == (1, 3, 900, chain.CHANGED)


def test_entries_in_another_order_are_named(trail: Trail) -> None:
    second, third = trail.ids[1:3]
    as_administrator(
        f"UPDATE units_auditlink SET number = 99 WHERE entry_id = {second};"
        f"UPDATE units_auditlink SET number = 2 WHERE entry_id = {third};"
        f"UPDATE units_auditlink SET number = 3 WHERE entry_id = {second}"
    )
    status, (breach,) = verify()
    assert (status, breach["number"], breach["entry"], breach["what"]) == (1, 2, third, chain.REORDERED)


def test_each_bad_stream_is_named_once_by_its_first_bad_entry(trail: Trail) -> None:
    ids = ", ".join(map(str, [*trail.ids[3:], *(one.pk for one in trail.foreign)]))
    as_administrator(f"UPDATE units_auditentry SET verb = 'x' WHERE id IN ({ids})")
    status, breaches = verify()
    assert status == 1
    assert {one["entry"] for one in breaches} == {trail.ids[3], trail.foreign[0].pk}


def rebuild_without(trail: Trail, victim: int) -> None:
    """What an administrator who knows the functions can do: link the whole stream anew, heads and all."""
    as_administrator(
        f"DELETE FROM units_auditentry WHERE id = {victim};"
        f"CREATE TEMP TABLE old AS SELECT entry_id FROM units_auditlink WHERE stream = {trail.stream} ORDER BY number;"
        f"DELETE FROM units_auditlink WHERE stream = {trail.stream};"
        f"UPDATE units_auditstream SET number = 0, hash = repeat('0', 64) WHERE stream = {trail.stream};"
        f"SELECT units_audit_link(e, {trail.stream}) FROM units_auditentry e JOIN old ON entry_id = id ORDER BY id"
    )


@pytest.mark.parametrize("later", [0, 3])
def test_a_chain_rebuilt_whole_is_found_by_heads_kept_elsewhere(trail: Trail, tmp_path: Path, later: int) -> None:
    kept = tmp_path / "heads.json"
    kept.write_text(run("--json")[1], encoding="utf-8")
    rebuild_without(trail, trail.ids[0])
    with unit_scope(trail.tree.branch.path):
        for _ in range(later):
            record_act("open-record", trail.ours, actor=trail.head)
    assert verify() == (0, [])
    status, (breach,) = verify("--kept", str(kept))
    assert (status, breach["stream"]) == (1, trail.stream)
    assert breach["what"] == (chain.OTHER_THAN_KEPT if later else chain.CUT.format(last=5))


def test_kept_heads_of_a_sound_chain_still_hold_after_more_acts(trail: Trail, tmp_path: Path) -> None:
    kept = tmp_path / "heads.json"
    kept.write_text(run("--json")[1], encoding="utf-8")
    with unit_scope(trail.tree.branch.path):
        record_act("open-record", trail.ours, actor=trail.head)
    assert verify("--kept", str(kept)) == (0, [])
    kept.write_text("[]", encoding="utf-8")
    with pytest.raises(CommandError, match="verify_audit --json"):
        run("--kept", str(kept))


def test_the_report_speaks_to_people(trail: Trail) -> None:
    assert run() == (0, "Nhật ký nguyên vẹn: 7 mục trong 2 chuỗi.\n")
    as_administrator(f"UPDATE units_auditentry SET verb = 'x', at = '2023-11-13 03:00Z' WHERE id = {trail.ids[0]}")
    status, words = run()
    assert status == 1
    assert f"- Chuỗi {trail.stream}, số 1, mục {trail.ids[0]}, ghi lúc 10:00:00 13/11/2023: nội dung đã bị sửa" in words


def test_a_long_stream_is_read_in_batches(trail: Trail, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "BATCH", 2)
    assert verify() == (0, [])
    as_administrator(f"UPDATE units_auditentry SET verb = 'x' WHERE id = {trail.ids[4]}")
    assert verify()[1][0]["entry"] == trail.ids[4]


def test_people_who_act_at_once_in_one_branch_leave_one_unbroken_chain(trail: Trail) -> None:
    start = threading.Barrier(4)

    def act() -> None:
        try:
            start.wait()
            for _ in range(10):
                with transaction.atomic(), maintenance_scope("acts in two branches"):
                    for subject in (trail.ours, trail.theirs):
                        record_act("open-record", subject, actor=trail.head)
        finally:
            connection.close()

    threads = [threading.Thread(target=act) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [number for number, _ in links(trail.stream)] == list(range(1, 86))
    status, report = verify_as_json()
    assert (status, report["entries"]) == (0, 87)


def test_a_head_is_not_held_while_a_page_is_still_being_made(trail: Trail) -> None:
    done = threading.Event()

    def colleague() -> None:
        try:
            with unit_scope(trail.tree.branch.path):
                record_act("open-record", trail.ours, actor=trail.head)
            done.set()
        finally:
            connection.close()

    with unit_scope(trail.tree.branch.path), transaction.atomic():
        record_act("open-record", trail.ours, actor=trail.head)
        thread = threading.Thread(target=colleague)
        thread.start()
        assert done.wait(60)
    thread.join()
    assert verify() == (0, [])


def test_a_unit_that_moves_keeps_its_chain(trail: Trail) -> None:
    with maintenance_scope("a reorganisation"):
        trail.tree.branch.path = "000100020009"
        trail.tree.branch.save(update_fields=["path"])
        assert AuditEntry.objects.get(pk=trail.ids[0]).unit_path == "000100020009"
    assert verify() == (0, [])


def test_entries_keep_the_instant_to_the_microsecond(trail: Trail) -> None:
    with unit_scope(trail.tree.branch.path):
        stored = AuditEntry.objects.get(pk=trail.ids[0])
    assert isinstance(stored.at, datetime)
    assert stored.at == trail.entries[0].at
