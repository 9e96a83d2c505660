"""Time of reading a plan of ten pages: `python bench/planreader.py [FOLDER [REPEATS]]`.

Without a folder, reads the trial plans of the tests, repeated until they fill ten pages (about 3,000 letters a page),
and ten pages made of nothing but their duties, each a line of one long list.
With one, reads each plan in it as it is and says what ten pages of it would take. Prints the median and the slowest
of the repeats, and the processor time, which does not count waiting for a busy machine. Times hold for one machine
and one moment.
"""

import statistics
import sys
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))
TRIALS = REPOSITORY / "tests" / "campaigns" / "plans"
PAGE = 3_000
PAGES = 10
DEFAULT_REPEATS = 9


def main() -> None:
    from campaigns.planreader import read_file, read_plan

    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    repeats = int(sys.argv[2]) if len(sys.argv) > 2 else DEFAULT_REPEATS
    print(
        f"{'plan':<30} {'letters':>8} {'median ms':>10} {'slowest ms':>11} {'CPU ms':>7} {'CPU ms per ten pages':>21}"
    )
    texts = {path.name: read_file(path) for path in sorted((folder or TRIALS).glob("*.txt"))}
    if folder is None:
        duties = [one.quote for text in texts.values() for one in read_plan(text).obligations if "|" not in one.quote]
        texts = {name: _ten_pages(text) for name, text in texts.items()} | {"duties only": _list_of(duties)}
    for name, text in texts.items():
        read_plan(text)  # the first reading compiles what the rest reuses
        times, spent = [], []
        for count in range(repeats):
            started, cpu = time.perf_counter(), time.process_time()
            # A text of its own each time, so that nothing remembered from the last reading helps.
            read_plan(f"{text}\n{count}")
            times.append((time.perf_counter() - started) * 1000)
            spent.append((time.process_time() - cpu) * 1000)
        middle = statistics.median(times)
        work = statistics.median(spent)
        ten = work * PAGE * PAGES / len(text)
        print(f"{name[:30]:<30} {len(text):>8} {middle:>10.1f} {max(times):>11.1f} {work:>7.1f} {ten:>21.1f}")


def _list_of(duties: list[str]) -> str:
    told = "\n".join(f"{number}. {words}" for number, words in enumerate(dict.fromkeys(duties), start=1))
    return _ten_pages(f"KẾ HOẠCH\nThi đua năm 2023\nI. NHIỆM VỤ\n{told}")


def _ten_pages(text: str) -> str:
    return "\n".join([text] * -(-PAGE * PAGES // len(text)))[: PAGE * PAGES]


if __name__ == "__main__":
    main()
