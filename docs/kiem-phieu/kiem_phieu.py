"""Kiểm lại một lượt bỏ phiếu từ tệp phiếu đã công bố. Chỉ cần Python 3.8 trở lên, không cần gì khác.

python3 kiem_phieu.py PHIEU.json               tự đếm và in kết quả
python3 kiem_phieu.py PHIEU.json KET-QUA.json  tự đếm và so với kết quả đã công bố
python3 kiem_phieu.py --json PHIEU.json        tự đếm và in kết quả theo mẫu JSON
Mã thoát: 0 đếm xong hoặc khớp, 1 không khớp, 2 tệp không đúng mẫu.
"""

import hashlib
import json
import re
import sys

NEEDED = "members present quorum denominator threshold kind blank_is_valid count_written contests papers"
CHOICES = {"kind": ("approve", "choose"), "denominator": ("members", "present", "valid")}
CHOICES.update(blank_is_valid=(True, False), count_written=(True, False))
WORDS = {"elected": "được chọn", "tied": "bằng phiếu, cần vòng hai", "not_elected": "không được chọn"}
TEXTS = re.compile(r"\.warnings(\.\d+)?|\.contests\.\d+\.invalid\.\d+\.reason")  # words are free, numbers are not


class Pairs(list):
    """A JSON object as the pairs written in it, so that a key written twice is seen."""


def need(condition, where, why):
    if not condition:
        raise ValueError(f"{where}: {why}")


def load(path):
    """Give what the file says and the SHA-256 of its bytes."""
    with open(path, "rb") as file:
        data = file.read(2**25 + 1)
    need(len(data) <= 2**25, "toàn tệp", "quá lớn")
    need(data[:3] != b"\xef\xbb\xbf", "đầu tệp", "có dấu BOM, tệp đã bị chương trình khác lưu lại; dùng tệp gốc")
    return json.loads(data.decode("utf-8"), object_pairs_hook=Pairs), hashlib.sha256(data).hexdigest()


def fields(value, where, needed, optional=()):
    need(isinstance(value, Pairs), where, "phải là một đối tượng { }")
    keys = {key for key, _ in value}
    need(len(keys) == len(value), where, "có khóa ghi hai lần")
    wrong = sorted((set(needed) - keys) | (keys - {*needed, *optional}))
    need(not wrong, where, f"thiếu hoặc thừa khóa {ascii(wrong)[:200]}")
    return dict(value)


def items(value, where):
    need(type(value) is list, where, "phải là một danh sách [ ]")
    return [(item, f"{where}[{index}]") for index, item in enumerate(value)]


def number(value, where, least):
    need(type(value) is int and least <= value <= 999999999, where, f"phải là số nguyên từ {least} đến 999999999")


def text(value, where, least=0):
    fits = isinstance(value, str) and len(value.strip()) >= least and not re.search("[\ud800-\udfff]", value)
    need(fits, where, "phải là chữ trong dấu nháy, không trống")
    return value


def ratio(value, where, least):
    """Turn "4/5" or "0.8" into two whole numbers, (4, 5) or (8, 10): nothing is ever rounded."""
    form = isinstance(value, str) and re.fullmatch(r"([0-9]{1,9})(?:/([0-9]{1,9})|\.([0-9]{1,18}))?", value)
    need(form, where, 'phải là phân số hoặc số thập phân trong dấu nháy, ví dụ "2/3" hoặc "0.8"')
    whole, below, decimals = form.groups("")
    above, below = int(whole + decimals), int(below) if below else 10 ** len(decimals)
    need(least <= above <= below > 0, where, "phải lớn hơn 0 và không quá 1" if least else "phải từ 0 đến 1")
    return above, below


def contest(value, where):
    data = fields(value, where, ["id", "seats", "candidates"], ["title"])
    text(data["id"], f"{where}.id", 1)
    text(data.setdefault("title", data["id"]), f"{where}.title")
    number(1 if data["seats"] is None else data["seats"], f"{where}.seats", 1)
    listed = items(data["candidates"], f"{where}.candidates")
    names = data["candidates"] = [text(one, place, 1) for one, place in listed]
    need(names and len(set(names)) == len(names), f"{where}.candidates", "trống, hoặc có tên ghi hai lần")
    return data


def paper(value, where, kind, ids):
    """Give the paper as {contest: [(name, vote), …]}; a chosen name is a vote of "yes"."""
    marks = {}
    for key, answer in fields(value, where, [], ids).items():
        place = f"{where}.{key}"
        if kind == "choose":
            marks[key] = [(text(one, spot), "yes") for one, spot in items(answer, place)]
        else:
            need(isinstance(answer, Pairs), place, "phải là một đối tượng { }")
            marks[key] = [(text(one, place), vote) for one, vote in answer]
            need(all(vote in ("yes", "no", "blank") for _, vote in answer), place, "chỉ nhận yes, no, blank")
    return marks


def read_sitting(value):
    data = {"written": [], **fields(value, "toàn tệp", NEEDED.split(), ["issued", "written"])}
    for key, least in (("members", 1), ("present", 0), ("issued", 0)):
        number(data.setdefault(key, data["present"]), key, least)
    for key, choices in CHOICES.items():
        need(type(data[key]) in (str, bool) and data[key] in choices, key, f"phải là một trong {choices}")
    data["quorum"] = ratio(data["quorum"], "quorum", 0)
    data["threshold"] = None if data["threshold"] is None else ratio(data["threshold"], "threshold", 1)
    data["contests"] = [contest(one, place) for one, place in items(data["contests"], "contests")]
    ids = [one["id"] for one in data["contests"]]
    need(ids and len(set(ids)) == len(ids), "contests", "trống, hoặc có mã ghi hai lần")
    for key in ("papers", "written"):
        data[key] = [paper(one, place, data["kind"], ids) for one, place in items(data[key], key)]
    numbers = [len(data["papers"]), data["issued"], data["present"], data["members"]]
    need(numbers == sorted(numbers), "papers, issued, present, members", "phải thu vào ≤ phát ra ≤ có mặt ≤ thành viên")
    need(len(data["written"]) <= numbers[3] - numbers[2], "written", "nhiều hơn số thành viên vắng")
    return data


def fault(data, asked, marks):
    """Say why these marks do not count in this contest; nothing when they do."""
    names = [one for one, _ in marks]
    if set(names) - set(asked["candidates"]):
        return "có tên ngoài danh sách"
    if len(set(names)) < len(names):
        return "có tên ghi nhiều lần"
    if asked["seats"] and sum(vote == "yes" for _, vote in marks) > asked["seats"]:
        return "chọn quá số lượng"
    return "phiếu trắng" if all(vote == "blank" for _, vote in marks) and not data["blank_is_valid"] else None


def count(data, asked, quorum_met):
    written = data["written"] if data["count_written"] else []
    marks = [one.get(asked["id"], []) for one in data["papers"] + written]
    faults = [fault(data, asked, one) for one in marks]
    valid = [dict(one) for one, reason in zip(marks, faults) if reason is None]
    bases = {"members": data["members"], "present": data["present"] + len(written), "valid": len(valid)}
    base, least = bases[data["denominator"]], data["threshold"]
    tally, places = {}, {"elected": [], "tied": [], "not_elected": []}
    for one in asked["candidates"]:
        votes = [paper.get(one, "blank") for paper in valid]
        row = tally[one] = {vote: votes.count(vote) for vote in ("yes", "no", "blank")}
        row["share"] = f"{row['yes']}/{base}"
        row["passed"] = row["yes"] > 0 if least is None else base > 0 and row["yes"] * least[1] >= least[0] * base
    rivals = [row["yes"] for row in tally.values() if row["passed"]]
    for one, row in tally.items():
        above, level = sum(other > row["yes"] for other in rivals), sum(other >= row["yes"] for other in rivals)
        seats = asked["seats"] or len(rivals)
        place = "elected" if level <= seats else "tied" if above < seats else "not_elected"
        places[place if quorum_met and row["passed"] else "not_elected"].append(one)
    invalid = [{"paper": index, "reason": reason} for index, reason in enumerate(faults) if reason]
    head = {"id": asked["id"], "issued": data["issued"], "received": len(data["papers"]), "valid": len(valid)}
    return {**head, "invalid": invalid, "denominator": base, "candidates": tally, **places}


def differences(ours, theirs, where=""):
    need(not isinstance(theirs, Pairs) or len(dict(theirs)) == len(theirs), f"kết quả{where}", "có khóa ghi hai lần")
    ours = dict(enumerate(ours)) if type(ours) is list else ours
    theirs = dict(enumerate(theirs) if type(theirs) is list else theirs) if isinstance(theirs, list) else theirs
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in {**ours, **theirs}:
            yield from differences(ours.get(key), theirs.get(key), f"{where}.{key}")
    elif json.dumps(ours) != json.dumps(theirs) and not TEXTS.fullmatch(where):
        yield f"KHÁC ở {where}: tự đếm {json.dumps(ours)}, công bố {json.dumps(theirs)}"


def words(data, result):
    yield f"Có mặt {data['present']}/{data['members']}: {'' if result['quorum_met'] else 'KHÔNG '}đủ số họp"
    yield f"Ý kiến bằng văn bản: {len(data['written'])}, {'được' if data['count_written'] else 'không được'} tính"
    for asked, one in zip(data["contests"], result["contests"]):
        yield f"{asked['title']}: thu vào {one['received']}/{one['issued']}, mẫu số {one['denominator']}"
        yield f"  hợp lệ {one['valid']}, không hợp lệ {len(one['invalid'])}"
        yield from (f"  phiếu số {bad['paper']} (đếm từ 0) không hợp lệ: {bad['reason']}" for bad in one["invalid"])
        for name, row in one["candidates"].items():
            place = next(WORDS[key] for key in WORDS if name in one[key])
            yield f"  {name}: đồng ý {row['yes']}, không {row['no']}, trắng {row['blank']}; {row['share']}, {place}"


def main(arguments):
    paths = [one for one in arguments if one != "--json"]
    if not 1 <= len(paths) <= 2:
        print(__doc__)
        return 2
    try:
        value, digest = load(paths[0])
        data = read_sitting(value)
        quorum_met = data["present"] * data["quorum"][1] >= data["quorum"][0] * data["members"]
        result = {"quorum_met": quorum_met, "contests": [count(data, one, quorum_met) for one in data["contests"]]}
        unlike = [[*differences({**result, "warnings": []}, load(path)[0])] for path in paths[1:]]
    except (OSError, ValueError, RecursionError) as problem:
        print(f"Không nhận tệp. {problem}", file=sys.stderr)
        return 2
    lines = [f"SHA-256 của tệp phiếu: {digest}", *words(data, result), *sum(unlike, [])]
    lines += ["KHÔNG KHỚP với kết quả đã công bố" if one else "KHỚP với kết quả đã công bố" for one in unlike]
    shown = "\n".join("".join(one if one.isprintable() else "?" for one in line) for line in lines)
    print(json.dumps({**result, "warnings": []}, ensure_ascii=False, indent=2) if "--json" in arguments else shown)
    return 1 if any(unlike) else 0


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")
    sys.exit(main(sys.argv[1:]))
