"""What was tried and what leaked."""

from collections import Counter
from dataclasses import dataclass, field

# A proof that fails everywhere would fill the screen; the first cases say enough.
SHOWN = 200


@dataclass
class Tally:
    """Counts probes and leaks by kind.

    `oracles` are answers that tell whether a key exists, to someone who already holds that key: random keys make
    them worthless, so they are counted and shown but are no leaks. `unopened` are addresses that no owner could
    open here either, so that their refusal of strangers proves little, each with the reason that its app gives, or
    none; `broken` are answers with status 500.
    """

    probes: Counter[str] = field(default_factory=Counter)
    leaks: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)
    oracles: Counter[str] = field(default_factory=Counter)
    opened: set[str] = field(default_factory=set)
    unopened: dict[str, str] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)

    def note(self, kind: str, what: str, *, leaked: bool) -> None:
        self.probes[kind] += 1
        if leaked:
            self.leaks[kind] += 1
            if len(self.found) < SHOWN:
                self.found.append(f"{kind}: {what}")

    @property
    def total(self) -> int:
        return self.probes.total()

    @property
    def leaked(self) -> int:
        return self.leaks.total()

    def as_dict(self) -> dict[str, object]:
        return {
            "probes": self.total,
            "leaks": self.leaked,
            "by_kind": {
                kind: {"probes": number, "leaks": self.leaks[kind]} for kind, number in sorted(self.probes.items())
            },
            "found": self.found,
            "oracles": dict(sorted(self.oracles.items())),
            "opened": len(self.opened),
            "unopened": dict(sorted(self.unopened.items())),
            "broken": sorted(self.broken),
        }
