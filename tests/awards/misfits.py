"""Files of a count that every reader refuses: bytes, and the place that the refusal must name."""

import json
from typing import Any

BASE: dict[str, Any] = {
    "members": 7,
    "present": 5,
    "issued": 5,
    "quorum": "2/3",
    "denominator": "members",
    "threshold": "4/5",
    "kind": "approve",
    "blank_is_valid": False,
    "count_written": True,
    "contests": [{"id": "g", "title": "Nhóm", "seats": None, "candidates": ["a", "b"]}],
    "papers": [{"g": {"a": "yes"}}] * 3,
    "written": [],
}
CONTEST: dict[str, Any] = BASE["contests"][0]
PAPER: dict[str, Any] = BASE["papers"][0]
TEXT = json.dumps(BASE, ensure_ascii=False)


def changed(**changes: Any) -> bytes:
    return json.dumps(BASE | changes, ensure_ascii=False).encode()


def contest(**changes: Any) -> bytes:
    return changed(contests=[CONTEST | changes])


def scored(papers: Any = (), **scale: Any) -> bytes:
    one = CONTEST | {"max_score": 10, "step": "0.5"} | scale
    return changed(kind="score", contests=[one], papers=list(papers))


def left_out(key: str) -> bytes:
    return json.dumps({name: value for name, value in BASE.items() if name != key}).encode()


def written(old: str, new: str) -> bytes:
    assert TEXT.count(old) >= 1, old
    return TEXT.replace(old, new, 1).encode()


MISFITS: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "dòng 1, cột 1"),
    "only spaces": (b" \n \n", "dòng 3"),
    "cut short": (TEXT[:-1].encode(), "dòng 1"),
    "a comma too many": (TEXT.replace("}]", "},]", 1).encode(), "dòng 1"),
    "single quotes": (TEXT.replace('"', "'").encode(), "dòng 1, cột 2"),
    "a comment": (f"// papers\n{TEXT}".encode(), "dòng 1, cột 1"),
    "two files in one": ((TEXT + TEXT).encode(), "dòng 1"),
    "a spreadsheet": (b"PK\x03\x04\xff\xfe\x00", "dòng 1"),
    "letters of another encoding": (TEXT.encode("cp1252", "xmlcharrefreplace").replace(b"Nh", b"\xe3"), "dòng 1"),
    "UTF-16": (TEXT.encode("utf-16"), "dòng 1"),
    "a byte order mark": (TEXT.encode("utf-8-sig"), "dòng 1, cột 1"),
    "a zero byte": (TEXT.encode() + b"\x00", "dòng 1"),
    "nested too deep": (b"[" * 100_000, "toàn tệp"),
    "nested in a paper": (written('{"a": "yes"}', '{"a": ' * 50_000), "toàn tệp"),
    "too large": (TEXT.encode() + b" " * (32 * 1024 * 1024), "toàn tệp"),
    "a list": (b"[]", "toàn tệp"),
    "null": (b"null", "toàn tệp"),
    "a number": (b"12", "toàn tệp"),
    "a text": ('"phiếu"'.encode(), "toàn tệp"),
    "an empty object": (b"{}", "toàn tệp"),
    "an unknown key": (changed(treshold="1/2"), "toàn tệp"),
    "a key twice": (written('"members": 7', '"members": 7, "members": 70'), "toàn tệp"),
    "the same key twice, the same value": (written('"members": 7', '"members": 7, "members": 7'), "toàn tệp"),
    "papers twice": (TEXT[:-1].encode() + b', "papers": []}', "toàn tệp"),
    "a contest's key twice": (written('"id": "g"', '"id": "h", "id": "g"'), "contests[0]"),
    "a contest twice in a paper": (written('{"g": {"a": "yes"}}', '{"g": {"a": "yes"}, "g": {}}'), "papers[0]"),
    **{
        f"no {key}": (left_out(key), "toàn tệp")
        for key in ("members", "present", "quorum", "denominator", "threshold", "kind", "contests", "papers")
    },
    "no blank_is_valid": (left_out("blank_is_valid"), "toàn tệp"),
    "no count_written": (left_out("count_written"), "toàn tệp"),
    "no members": (changed(members=0), "members"),
    "members below nothing": (changed(members=-3), "members"),
    "members in quotes": (changed(members="7"), "members"),
    "members with a point": (changed(members=7.0), "members"),
    "half a member": (changed(members=7.5), "members"),
    "members true": (changed(members=True), "members"),
    "members null": (changed(members=None), "members"),
    "members without end": (changed(members=10**400), "members"),
    "members not a number": (written('"members": 7', '"members": NaN'), "members"),
    "members infinite": (written('"members": 7', '"members": Infinity'), "members"),
    "members an exponent": (written('"members": 7', '"members": 7e0'), "members"),
    "present below nothing": (changed(present=-1, issued=0, papers=[]), "present"),
    "present in a list": (changed(present=[5]), "present"),
    "more present than members": (changed(present=8), "present"),
    "issued null": (changed(issued=None), "issued"),
    "more issued than present": (changed(issued=6), "issued"),
    "more issued than present, by default no": (changed(present=2), "issued"),
    "more received than issued": (changed(issued=2), "papers"),
    "received though nobody was present": (changed(present=0, issued=0), "papers"),
    "more written than absent": (changed(written=[PAPER] * 3), "written"),
    "written not counted, still too many": (changed(written=[PAPER] * 3, count_written=False), "written"),
    "quorum null": (changed(quorum=None), "quorum"),
    "quorum a number": (changed(quorum=0.5), "quorum"),
    "quorum above one": (changed(quorum="3/2"), "quorum"),
    "quorum of nothing": (changed(quorum="1/0"), "quorum"),
    "threshold a number": (changed(threshold=0.8), "threshold"),
    "threshold a whole number": (changed(threshold=1), "threshold"),
    "threshold false": (changed(threshold=False), "threshold"),
    "threshold empty": (changed(threshold=""), "threshold"),
    "threshold nothing": (changed(threshold="0"), "threshold"),
    "threshold nothing of five": (changed(threshold="0/5"), "threshold"),
    "threshold nothing with a point": (changed(threshold="0.00"), "threshold"),
    "threshold above one": (changed(threshold="5/4"), "threshold"),
    "threshold a little above one": (changed(threshold="1.000000000000000001"), "threshold"),
    "threshold below nothing": (changed(threshold="-1/2"), "threshold"),
    "threshold of nothing": (changed(threshold="4/0"), "threshold"),
    "threshold per cent": (changed(threshold="80%"), "threshold"),
    "threshold with a comma": (changed(threshold="0,8"), "threshold"),
    "threshold with spaces": (changed(threshold="4 / 5"), "threshold"),
    "threshold with a line's end": (changed(threshold="4/5\n"), "threshold"),
    "threshold an exponent": (changed(threshold="8e-1"), "threshold"),
    "threshold in other digits": (changed(threshold="٤/٥"), "threshold"),
    "threshold twice divided": (changed(threshold="4/5/1"), "threshold"),
    "threshold without end": (changed(threshold="0." + "3" * 400), "threshold"),
    "denominator unknown": (changed(denominator="received"), "denominator"),
    "denominator in capitals": (changed(denominator="Members"), "denominator"),
    "denominator a list": (changed(denominator=["members"]), "denominator"),
    "kind unknown": (changed(kind="rank"), "kind"),
    "kind null": (changed(kind=None), "kind"),
    "blank_is_valid a number": (changed(blank_is_valid=0), "blank_is_valid"),
    "blank_is_valid null": (changed(blank_is_valid=None), "blank_is_valid"),
    "count_written a word": (changed(count_written="true"), "count_written"),
    "no contests": (changed(contests=[], papers=[]), "contests"),
    "contests no list": (changed(contests={"g": CONTEST}), "contests"),
    "a contest no object": (changed(contests=["g"]), "contests[0]"),
    "one contest's id for two": (changed(contests=[CONTEST, CONTEST | {"title": "Khác"}]), "contests"),
    "a contest's id empty": (contest(id=""), "contests[0].id"),
    "a contest's id a number": (contest(id=1), "contests[0].id"),
    "a contest's title null": (contest(title=None), "contests[0].title"),
    "a contest's unknown key": (contest(seat=2), "contests[0]"),
    "a contest without seats": (changed(contests=[{"id": "g", "candidates": ["a", "b"]}]), "contests[0]"),
    "seats of nothing": (contest(seats=0), "contests[0].seats"),
    "seats below nothing": (contest(seats=-1), "contests[0].seats"),
    "seats in quotes": (contest(seats="2"), "contests[0].seats"),
    "seats with a point": (contest(seats=2.0), "contests[0].seats"),
    "seats true": (contest(seats=True), "contests[0].seats"),
    "no candidates": (contest(candidates=[]), "contests[0].candidates"),
    "candidates no list": (contest(candidates="ab"), "contests[0].candidates"),
    "a candidate twice": (contest(candidates=["a", "b", "a"]), "contests[0].candidates"),
    "a candidate empty": (contest(candidates=["a", ""]), "contests[0].candidates[1]"),
    "a candidate of spaces": (contest(candidates=["a", "\u00a0 "]), "contests[0].candidates[1]"),
    "a candidate a number": (contest(candidates=["a", 2]), "contests[0].candidates[1]"),
    "a candidate half a letter": (written('["a", "b"]', '["a", "\\ud83d"]'), "contests[0].candidates[1]"),
    "papers no list": (changed(papers={"0": PAPER}), "papers"),
    "papers null": (changed(papers=None), "papers"),
    "written null": (changed(written=None), "written"),
    "a paper null": (changed(papers=[PAPER, None]), "papers[1]"),
    "a paper a list": (changed(papers=[PAPER, ["a"]]), "papers[1]"),
    "a paper for another contest": (changed(papers=[PAPER, {"h": {}}]), "papers[1]"),
    "an approving answer a list": (changed(papers=[{"g": ["a"]}]), "papers[0].g"),
    "an approving answer null": (changed(papers=[{"g": None}]), "papers[0].g"),
    "a vote unknown": (changed(papers=[{"g": {"a": "maybe"}}]), "papers[0].g"),
    "a vote in capitals": (changed(papers=[{"g": {"a": "YES"}}]), "papers[0].g"),
    "a vote true": (changed(papers=[{"g": {"a": True}}]), "papers[0].g"),
    "a vote null": (changed(papers=[{"g": {"a": None}}]), "papers[0].g"),
    "a vote in a list": (changed(papers=[{"g": {"a": ["yes"]}}]), "papers[0].g"),
    "a written vote unknown": (changed(written=[{"g": {"a": "no!"}}]), "written[0].g"),
    "a written vote unknown though not counted": (
        changed(written=[{"g": {"a": "no!"}}], count_written=False),
        "written[0].g",
    ),
    "a choosing answer an object": (changed(kind="choose"), "papers[0].g"),
    "a choosing answer a text": (changed(kind="choose", papers=[{"g": "a"}]), "papers[0].g"),
    "a choosing answer null": (changed(kind="choose", papers=[{"g": None}]), "papers[0].g"),
    "a choice a number": (changed(kind="choose", papers=[{"g": ["a", 1]}]), "papers[0].g[1]"),
    "a choice a list": (changed(kind="choose", papers=[{"g": [["a"]]}]), "papers[0].g[0]"),
    "a choice half a letter": (
        changed(kind="choose", papers=[{"g": ["a"]}]).replace(b'["a"]', b'["\\udc00"]'),
        "papers[0].g[0]",
    ),
    "points without a scale": (changed(kind="score", papers=[]), "contests[0]"),
    "a scale that counts no points": (contest(max_score=10, step=1), "contests[0]"),
    **{
        f"a scale {name}": (scored(**scale), place)
        for name, scale, place in (
            ("without a step", {"step": None}, "contests[0].step"),
            ("of nothing", {"max_score": 0}, "contests[0].max_score"),
            ("below nothing", {"max_score": -10}, "contests[0].max_score"),
            ("with a float", {"step": 0.5}, "contests[0].step"),
            ("that is true", {"max_score": True}, "contests[0].max_score"),
            ("with a comma", {"step": "0,5"}, "contests[0].step"),
            ("with too many decimals", {"step": "0.0000001"}, "contests[0].step"),
            ("whose step is nothing", {"step": "0.0"}, "contests[0].step"),
            ("whose top no step reaches", {"step": "3"}, "contests[0].step"),
            ("too long", {"max_score": 10**9}, "contests[0].max_score"),
        )
    },
    "points in a list": (scored(papers=[{"g": ["a"]}]), "papers[0].g"),
    "points null": (scored(papers=[{"g": None}]), "papers[0].g"),
    "points of half a letter": (scored(papers=[{"g": {"a": 1}}]).replace(b'{"a"', b'{"\\udc00"'), "papers[0].g"),
}
