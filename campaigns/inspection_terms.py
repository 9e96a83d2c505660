"""Reader of the file that says what inspections inside a cluster go by: the team's rights, the time for the result."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from units.data_file import Reading
from units.rights_file import Bundle, read_rights

TERMS = Path(__file__).parent / "data" / "inspections" / "terms.toml"


@dataclass(frozen=True, slots=True)
class ResultTerm:
    """How many days after the inspection its result is due, and by which paper; holds from `begins` on."""

    begins: date
    days: int
    counts_working_days: bool
    citation: str


@dataclass(frozen=True, slots=True)
class InspectionTerms:
    bundle: Bundle
    terms: tuple[ResultTerm, ...]

    def find_term(self, day: date) -> ResultTerm:
        """What holds on `day`; before the first term, the first one."""
        begun = [one for one in self.terms if one.begins <= day]
        return begun[-1] if begun else self.terms[0]


@cache
def read_inspection_terms(path: Path = TERMS) -> InspectionTerms:
    """The file with its bundle found. Raises `DataFileError` naming every wrong key."""
    reading = Reading(path)
    top = reading.toml()
    code = top.text("bundle")
    bundle = read_rights().find_bundle(code)
    if bundle is None:
        known = ", ".join(one.code for one in read_rights().bundles)
        top.report("bundle", f"rights.toml không có gói quyền «{code}»; cần một trong: {known}.")
    terms = []
    for entry in top.entries("term", named_by="from"):
        terms.append(
            ResultTerm(
                begins=entry.day("from"),
                days=entry.whole("result_days"),
                counts_working_days=entry.flag("working_days", otherwise=False),
                citation=entry.text("citation"),
            )
        )
        entry.finish()
    top.finish()
    if not terms:
        reading.report("[[term]]", "còn thiếu; cần ít nhất một thời hạn.")
    reading.check_unique("[[term]]", "from", [one.begins.isoformat() for one in terms])
    reading.finish()
    assert bundle is not None  # noqa: S101  a missing one was reported, and the reading refused
    return InspectionTerms(bundle, tuple(sorted(terms, key=lambda one: one.begins)))
