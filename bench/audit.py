"""What the chain of the trail costs: `python bench/audit.py [SECONDS]`.

Brings up a durable server of its own in a temporary folder and adds entries, each in a transaction of its own, with
one thread and with eight: plainly (the chain's trigger switched off) and chained, in turns of SECONDS, three rounds.
Acts are spread over the bureaus of a ministry, as in life, or all fall into a single bureau, which is the worst that
can happen: one stream takes everything. An act is the bare entry, or changes a row of data as acts in life do.
Prints the medians and their ratio, and how long verifying all of it took. Numbers hold for one machine and one
moment; compare ratios of one run.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))
DEFAULT_SECONDS = 3.0
ROUNDS = 3
BUREAUS = 63
INSERT = (
    "INSERT INTO units_auditentry (at, actor_label, unit_id, unit_path, verb, subject_type, subject_id, detail)"
    " VALUES (now(), 'Bench', %s, %s, 'open', 'exemplars.nomination', gen_random_uuid(), '{\"evidence\": \"x\"}')"
)
# %% 100 keeps the small number within its bounds; each thread has a row of its own.
CHANGE = "UPDATE units_outboxmessage SET tries = (tries + 1) %% 100 WHERE key = %s"


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_SECONDS
    with tempfile.TemporaryDirectory(prefix="thidua-bench-") as folder:
        home = Path(folder)
        home.chmod(0o711)
        os.environ.update(DJANGO_SETTINGS_MODULE="config.settings", THIDUA_HOME=folder, LOG_LEVEL="ERROR")
        from config import embedded, local

        local.fill_environment()
        embedded.start(home, redis=False)
        try:
            prepare()
            measure(home, seconds)
            verify()
        finally:
            embedded.stop(home)


def prepare() -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=0"],
        cwd=REPOSITORY,
        env=os.environ,
        check=True,
        capture_output=True,
    )
    import django

    django.setup()
    from datetime import date

    from units.models import OutboxMessage, Unit

    OutboxMessage.objects.bulk_create(OutboxMessage(key=str(number), task="bench") for number in range(8))
    Unit.objects.bulk_create(
        Unit(
            code=f"C{number}",
            kind="cuc-thads",
            name=f"Cục {number}",
            short_name=f"Cục {number}",
            folded_name=f"cuc {number}",
            place="Nơi mẫu",
            has_legal_personality=True,
            path=f"0001{number:04d}",
            valid_from=date(2020, 1, 1),
        )
        for number in range(BUREAUS)
    )


def measure(home: Path, seconds: float) -> None:
    from units.models import Unit

    everywhere = list(Unit.objects.values_list("pk", "path"))
    print(f"{'acts':<32} {'threads':>7} {'plain/s':>9} {'chained/s':>10} {'ratio':>6}")
    for name, units, changes in (
        ("63 bureaus, an entry", everywhere, False),
        ("63 bureaus, a row and an entry", everywhere, True),
        ("one bureau, a row and an entry", everywhere[:1], True),
    ):
        for threads in (1, 8):
            rates: dict[bool, list[float]] = {False: [], True: []}
            for _ in range(ROUNDS):
                for is_chained in (False, True):
                    switch_chain(home, is_chained=is_chained)
                    rates[is_chained].append(act(units, threads, seconds, changes=changes))
            plain, chained = statistics.median(rates[False]), statistics.median(rates[True])
            print(f"{name:<32} {threads:>7} {plain:>9.0f} {chained:>10.0f} {chained / plain:>6.2f}", flush=True)


def switch_chain(home: Path, *, is_chained: bool) -> None:
    from config import embedded

    state = "ENABLE" if is_chained else "DISABLE"
    sql = f"ALTER TABLE units_auditentry {state} TRIGGER units_audit_commit; CHECKPOINT"
    embedded.run_sql(home, sql, database=embedded.DATABASE_NAME)


def act(units: list[tuple[object, str]], threads: int, seconds: float, *, changes: bool) -> float:
    """Acts a second of `threads` that each do one after another."""
    from django.db import connection

    from units.scoping import maintenance_scope

    counts = [0] * threads
    start = threading.Barrier(threads + 1)
    stop = threading.Event()

    def work(number: int) -> None:
        with maintenance_scope("a benchmark acts in every unit"), connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            start.wait()
            while not stop.is_set():
                place = units[(number + counts[number] * threads) % len(units)]
                if changes:
                    cursor.execute(f"WITH changed AS ({CHANGE} RETURNING 1) {INSERT}", (str(number), *place))
                else:
                    cursor.execute(INSERT, place)
                counts[number] += 1
        connection.close()

    workers = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
    for worker in workers:
        worker.start()
    start.wait()
    begun = time.perf_counter()
    time.sleep(seconds)
    stop.set()
    for worker in workers:
        worker.join()
    return sum(counts) / (time.perf_counter() - begun)


def verify() -> None:
    """Plain entries stand in no stream and would be found; what is timed is the walk along the links."""
    from units.scoping import maintenance_scope
    from units.selectors.chain import verify_chain

    begun = time.perf_counter()
    with maintenance_scope("a benchmark verifies everything"):
        result = verify_chain()
    taken = time.perf_counter() - begun
    broken = [breach for breach in result.breaches if breach.stream]
    assert not broken, broken
    print(f"verified {result.entries} linked entries in {taken:.1f} s ({result.entries / taken:.0f} a second)")


if __name__ == "__main__":
    main()
