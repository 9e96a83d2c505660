"""Attempts to find out who cast which paper, as a reader of the database would make them: 200 ballots of 15 members.

The attacker sat in the room and knows in which order members voted, watched the table of urns after every single
vote, and holds backups, the data folder and the write-ahead log. Of each ballot he says for every member which paper
is theirs. By chance one of fifteen is right, 6.7 %; an attack that finds more than 8 % has found a channel. Chance
alone passes 8 % once in some four hundred attempts, so an attack that does is made again on as many fresh ballots.

What is not claimed: two key holders who also hold the log of the casting can open the seals in their order.
"""

import json
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings

from awards.models import Ballot, CouncilMember, Tally, Urn
from awards.sealing import fingerprint
from awards.services.ballots import close_ballot
from awards.services.casting import cast_ballot
from awards.services.sweeping import StillReadError, sweep_urns
from config import embedded
from tests.awards.room import Room, copy_of, council_of, signed_in
from units.models import AuditEntry
from units.scoping import maintenance_scope

BALLOTS = 200
MEMBERS = 15
CASES = 4
MOST_LINKED = 0.08
WORDS = ("yes", "no", "blank")
SLICE = 24
"""Bytes of a sealed paper that nobody meets by chance."""


def ends_of(paper: bytes) -> tuple[bytes, bytes]:
    """Two slices of a sealed paper, of which at least one lies whole in a file that holds the paper.

    The database cuts a long row about every two thousand bytes, and a cut may run through one of them.
    """
    return paper[:SLICE], paper[-SLICE:]


class Chamber(Room):
    """A council of fifteen, all present, each of whom always votes in a way of their own."""

    def __init__(self) -> None:
        super().__init__(cases=CASES, absent=0)
        self.actors = [self.as_actor(member) for member in self.members]

    @staticmethod
    def votes_of(number: int) -> tuple[str, ...]:
        """The number in base three, one digit a case; never all blank."""
        return tuple(WORDS[number // 3**place % 3] for place in range(CASES))


class Watched:
    """One ballot from its opening to its count, and all that the attacker saw of it."""

    def __init__(self, chamber: Chamber, pattern: Ballot) -> None:
        self.chamber = chamber
        self.ballot = copy_of(pattern)
        self.cast_order: list[CouncilMember] = []
        self.sealed: list[bytes] = []
        """The sealed paper of each member, in the order of casting, as the watcher of the urn tells them apart."""
        self.urn: list[bytes] = []

    def vote(self, order: list[int]) -> None:
        for number in order:
            member = self.chamber.members[number]
            cast_ballot(
                self.ballot,
                self.chamber.choices(*self.chamber.votes_of(number)),
                member=member,
                actor=self.chamber.actors[number],
            )
            self.cast_order.append(member)
            papers = [bytes(one) for one in Urn._base_manager.get(ballot=self.ballot).papers]
            [new] = set(papers) - set(self.urn)
            self.sealed.append(new)
            self.urn = papers

    def finish(self) -> None:
        close_ballot(self.ballot, actor=self.chamber.secretariat)
        self.chamber.count(self.ballot)
        self.ballot.refresh_from_db()
        answers = [next(iter(one.values())) for one in Tally.objects.get(ballot=self.ballot).count_input["papers"]]
        self.bare = [tuple(one.get(str(case.pk), "blank") for case in self.chamber.nominations) for one in answers]

    def linked(self, guess: list[CouncilMember]) -> int:
        """How many members of `guess`, the supposed voter of each bare paper, are right."""
        return sum(
            self.chamber.votes_of(self.chamber.members.index(member)) == paper
            for member, paper in zip(guess, self.bare, strict=True)
        )


def in_order_of(watched: Watched, papers: list[bytes]) -> list[CouncilMember]:
    """The voters of sealed `papers`, by what the watcher of the urn knows."""
    return [watched.cast_order[watched.sealed.index(paper)] for paper in papers]


def by_mark(watched: Watched) -> list[CouncilMember]:
    known = {member.pk: member for member in watched.cast_order}
    return [known[mark] for mark in watched.ballot.marks]


ATTACKS: Mapping[str, Callable[[Watched], list[CouncilMember]]] = {
    "papers lie in the order of casting": lambda one: one.cast_order,
    "papers lie in the reverse order of casting": lambda one: one.cast_order[::-1],
    "papers lie in the order of the roll": by_mark,
    "papers lie in the order of the urn, from a backup made before the opening": lambda one: in_order_of(one, one.urn),
    "papers lie in the order of the published fingerprints": lambda one: in_order_of(
        one, sorted(one.sealed, key=fingerprint)
    ),
}


@pytest.fixture
def chamber(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Chamber]:
    monkeypatch.setattr("tests.awards.room.council_of", lambda place: council_of(place, MEMBERS))
    with maintenance_scope("A test looks at everything."):
        yield Chamber()


def attack(chamber: Chamber, pattern: Ballot) -> dict[str, float]:
    """Share of members linked to their papers by each attack."""
    linked = dict.fromkeys(ATTACKS, 0)
    order = list(range(MEMBERS))
    for turn in range(BALLOTS):
        # Every order in which people may stand in line, none of them known to the product.
        order = order[turn % 7 + 1 :] + order[: turn % 7 + 1]
        watched = Watched(chamber, pattern)
        watched.vote(order if turn % 2 else order[::-1])
        watched.finish()
        for name, way in ATTACKS.items():
            linked[name] += watched.linked(way(watched))
    return {name: right / (BALLOTS * MEMBERS) for name, right in linked.items()}


def sweep_patiently() -> None:
    """As the outbox does: when the server's own upkeep of a busy machine still reads, it is asked once more."""
    for _ in range(4):
        try:
            return sweep_urns()
        except StillReadError:
            continue
    return sweep_urns()


def test_no_order_tells_whose_paper_is_whose(chamber: Chamber, record_property: Callable[..., None]) -> None:
    pattern = chamber.opened()
    shares = attack(chamber, pattern)
    again = attack(chamber, pattern) if max(shares.values()) > MOST_LINKED else {}
    for name, share in shares.items():
        record_property(name, round(min(share, again.get(name, share)), 4))
    found = {name: share for name, share in shares.items() if min(share, again.get(name, share)) > MOST_LINKED}
    assert not found, found


def test_the_attacks_would_find_papers_that_lie_in_the_order_of_casting(chamber: Chamber) -> None:
    """The judge is judged: papers kept in the order in which they came, as naive products do, are linked whole."""
    watched = Watched(chamber, chamber.opened())
    watched.vote([9, 2, 14, 0, 7, 1, 12, 5, 3, 11, 8, 4, 13, 6, 10])
    watched.bare = [chamber.votes_of(chamber.members.index(member)) for member in watched.cast_order]
    assert watched.linked(ATTACKS["papers lie in the order of casting"](watched)) == MEMBERS


def tables_written_since(transaction: int) -> dict[str, int]:
    """Rows of every table of the database that a transaction after `transaction` made, by table."""
    found = {}
    with owner() as database:
        names = database.execute(
            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE c.relkind = 'r' AND n.nspname = 'public'"
        ).fetchall()
        for (name,) in names:
            [(number,)] = database.execute(
                f"SELECT count(*) FROM {name} WHERE xmin::text::bigint > %s",  # noqa: S608  its own name
                [transaction],
            ).fetchall()
            if number:
                found[name] = number
    return found


def owner() -> psycopg.Connection[Any]:
    """The administrator of the server, whom no fence stops."""
    home = settings.TEST_SERVERS_HOME
    address = embedded.addresses(home, database_name=settings.TEST_DATABASE_NAME).owner_url
    return psycopg.connect(address, user="postgres", autocommit=True)


def counters() -> list[tuple[str, int | None]]:
    with owner() as database:
        return database.execute(
            "SELECT sequencename::text, last_value FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1"
        ).fetchall()


def test_a_vote_leaves_nothing_behind_but_the_roll_and_the_urn(chamber: Chamber) -> None:
    """No line in the trail, no serial number, no history: one row each, however many have voted."""
    watched = Watched(chamber, chamber.opened())
    with owner() as database:
        [(before,)] = database.execute("SELECT pg_current_xact_id()::text::bigint").fetchall()
    numbers, trail = counters(), AuditEntry.objects.count()
    watched.vote([4, 0, 9])
    assert tables_written_since(before) == {"awards_ballot": 1, "awards_urn": 1}
    assert counters() == numbers
    assert AuditEntry.objects.count() == trail


def test_all_sealed_papers_and_all_answers_have_one_length(chamber: Chamber) -> None:
    watched = Watched(chamber, chamber.opened())
    watched.vote(list(range(MEMBERS - 2)))
    assert len({len(paper) for paper in watched.urn}) == 1
    lengths = set()
    for number, votes in ((13, ("yes",) * CASES), (14, ("blank", "no", "yes", "blank"))):
        member = chamber.members[number]
        answer = signed_in(member).post(f"/sittings/ballots/{watched.ballot.pk}/cast/", chamber.form(*votes))
        assert answer.status_code == 200
        text = answer.content.decode()
        # Who votes is known to everybody; the marks against forged forms are as long for all.
        lengths.add(len(text.replace(str(member), "")))
    assert len(lengths) == 1


def files_holding(needles: list[bytes]) -> dict[bytes, list[Path]]:
    """In which files of the data folder each of `needles` lies, everything written out before."""
    with owner() as database:
        database.execute("CHECKPOINT")
    data = settings.TEST_SERVERS_HOME / "postgres"
    found: dict[bytes, list[Path]] = {needle: [] for needle in needles}
    assert data.is_dir()
    for folder in ("base", "pg_wal"):
        for path in (data / folder).rglob("*"):
            if path.is_file():
                content = path.read_bytes()
                for needle in needles:
                    if needle in content:
                        found[needle].append(path)
    return found


def test_the_data_folder_never_holds_a_bare_paper_before_the_opening_nor_a_sealed_one_after(chamber: Chamber) -> None:
    watched = Watched(chamber, chamber.opened())
    watched.vote(list(range(MEMBERS)))
    bare = [json.dumps(chamber.choices(*chamber.votes_of(number)))[1:60].encode() for number in (5, 11)]
    sealed = [needle for paper in watched.urn for needle in ends_of(paper)]
    before = files_holding(bare + sealed)
    assert not any(before[needle] for needle in bare)
    # The search does find what is there: every sealed paper.
    for paper in watched.urn:
        assert any("base" in path.parts for needle in ends_of(paper) for path in before[needle])

    watched.finish()
    sweep_patiently()
    after = files_holding(sealed)
    assert not any("base" in path.parts for paths in after.values() for path in paths)


def test_the_log_of_writing_holds_one_record_of_bare_papers_shuffled(chamber: Chamber) -> None:
    """Of the opened papers the log knows what the table knows, in the same order, written in one stroke."""
    watched = Watched(chamber, chamber.opened())
    with owner() as database:
        [(start,)] = database.execute("SELECT pg_current_wal_lsn()::text").fetchall()
    watched.vote([3, 14, 8])
    watched.finish()
    # With its database: the log is the whole server's, and databases made from one template number tables alike.
    [(table,)] = ask("SELECT pg_relation_filepath('awards_tally')")
    with owner() as database:
        database.execute("CHECKPOINT")  # everything before it lies in the files
        [(end,)] = database.execute("SELECT pg_current_wal_flush_lsn()::text").fetchall()
    lines = wal_between(str(start), str(end))
    inserts = [
        line for line in lines if f"{table.removeprefix('base')} " in line and "INSERT" in line and "rmgr: Heap" in line
    ]
    assert len(inserts) == 1, (table, lines)
    assert any("rmgr: Heap" in line and "UPDATE" in line for line in lines)


def ask(statement: str) -> list[tuple[Any, ...]]:
    with owner() as database:
        return database.execute(statement).fetchall()  # type: ignore[arg-type]  # our own words


def wal_between(start: str, end: str) -> list[str]:
    """Records of the write-ahead log, as PostgreSQL's own reader prints them."""
    folder = settings.TEST_SERVERS_HOME / "postgres" / "pg_wal"
    reader = embedded.postgres_binaries() / "pg_waldump"
    done = subprocess.run(  # noqa: S603  a binary of the installed wheel
        [str(reader), "--path", str(folder), "--start", start, "--end", end],
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.splitlines()


def test_no_trigger_copies_papers_or_marks_elsewhere(chamber: Chamber) -> None:
    """Row versions are kept by triggers elsewhere; on these two tables stand only the fence and foreign keys."""
    rows = ask(
        "SELECT c.relname, p.proname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "JOIN pg_proc p ON p.oid = t.tgfoid WHERE c.relname IN ('awards_urn', 'awards_ballot', 'awards_tally') "
        "AND NOT t.tgisinternal"
    )
    assert {function for _, function in rows} <= {"units_fill_unit_path"}, rows


def test_the_server_does_not_log_what_statements_carry(chamber: Chamber) -> None:
    assert ask("SHOW log_parameter_max_length") == [("0",)]
    assert ask("SHOW log_parameter_max_length_on_error") == [("0",)]
    assert ask("SHOW log_statement") == [("none",)]
    assert ask("SHOW log_min_error_statement") == [("panic",)]
