"""Kiểm lại một lượt bỏ phiếu từ tệp phiếu đã công bố. Chỉ cần Python 3.8 trở lên, không cần gì khác.

python3 kiem_phieu.py [--json] PHIEU.json [KET-QUA.json]
Tự đếm và in kết quả, có --json thì in theo mẫu JSON; có tệp kết quả đã công bố thì so từng số.
Mã thoát: 0 đếm xong hoặc khớp, 1 không khớp, 2 tệp không đúng mẫu.
"""

import hashlib
import json
import re
import sys

NEEDED = "members present quorum denominator threshold kind blank_is_valid count_written contests papers"
CHOICES = {"kind": ("approve", "choose", "score"), "denominator": ("members", "present", "valid")}
CHOICES.update(blank_is_valid=(True, False), count_written=(True, False))
VOTES = {"yes": 1, "no": 0, "blank": None}
LABELS = {"points": "điểm", "papers": "phiếu chấm", "yes": "đồng ý", "no": "không", "blank": "trắng"}
WORDS = {"elected": "được chọn", "tied": "bằng nhau, cần vòng hai", "not_elected": "không được chọn"}
TEXTS = re.compile(r"\.warnings(\.\d+)?|\.contests\.\d+\.invalid\.\d+\.reason")  # words are free, numbers are not


def need(condition, where, why):
    if not condition:
        raise ValueError(f"{where}: {why}")


def load(path):  # what the file says, objects as tuples of pairs so that a key written twice is seen, and its SHA-256
    with open(path, "rb") as file:
        data = file.read(2**25 + 1)
    need(len(data) <= 2**25, "toàn tệp", "quá lớn")
    need(data[:3] != b"\xef\xbb\xbf", "đầu tệp", "có dấu BOM, tệp đã bị chương trình khác lưu lại; dùng tệp gốc")
    value = json.loads(data.decode(), object_pairs_hook=tuple, parse_int=lambda one: int(one[:20]))  # 20: too many
    return value, hashlib.sha256(data).hexdigest()


def fields(value, where, needed, optional=()):
    need(type(value) is tuple, where, "phải là một đối tượng { }")
    keys = {key for key, _ in value}
    need(len(keys) == len(value), where, "có khóa ghi hai lần")
    wrong = sorted((set(needed) - keys) | (keys - {*needed, *optional}))
    need(not wrong, where, f"thiếu hoặc thừa khóa {ascii(wrong)[:200]}")
    return dict(value)


def items(value, where):
    need(type(value) is list, where, "phải là một danh sách [ ]")
    return [(item, f"{where}[{index}]") for index, item in enumerate(value)]


def text(value, where, least=0):
    fits = isinstance(value, str) and len(value.strip()) >= least and not re.search("[\ud800-\udfff]", value)
    need(fits, where, "phải là chữ trong dấu nháy, không trống")
    return value


def ratio(value, where, least):  # "4/5" or "0.8" as two whole numbers, (4, 5) or (8, 10): nothing is ever rounded
    form = isinstance(value, str) and re.fullmatch(r"([0-9]{1,9})(?:/([0-9]{1,9})|\.([0-9]{1,18}))?", value)
    need(form, where, 'phải là phân số hoặc số thập phân trong dấu nháy, ví dụ "2/3" hoặc "0.8"')
    whole, below, decimals = form.groups("")
    above, below = int(whole + decimals), int(below) if below else 10 ** len(decimals)
    need(least <= above <= below > 0, where, "phải lớn hơn 0 và không quá 1" if least else "phải từ 0 đến 1")
    return above, below


def points(value):  # 90 or "87.5" as whole millionths, and -1 for whatever is no such number
    form = re.fullmatch(r"([0-9]{1,9})(?:\.([0-9]{1,6}))?", value if isinstance(value, str) else json.dumps(value))
    return int(form[1] + (form[2] or "").ljust(6, "0")) if form and type(value) is not float else -1


def contest(value, where, kind):
    scale = ["max_score", "step"] if kind == "score" else []
    data = fields(value, where, ["id", "seats", "candidates", *scale], ["title"])
    most, step = (points(data[key]) for key in scale) if scale else (1, 1)
    need(most > 0 and step > 0 and most % step == 0, where, "max_score và step sai, hoặc không chia hết cho nhau")
    data.update(most=most, step=step, unit=next(10**zeros for zeros in range(6, -1, -1) if step % 10**zeros == 0))
    text(data["id"], f"{where}.id", 1)
    text(data.setdefault("title", data["id"]), f"{where}.title")
    fits = data["seats"] is None or (type(data["seats"]) is int and 0 < data["seats"] <= 999999999)
    need(fits, f"{where}.seats", "phải là số nguyên từ 1 đến 999999999")
    names = data["candidates"] = [text(one, spot, 1) for one, spot in items(data["candidates"], f"{where}.candidates")]
    need(names and len(set(names)) == len(names), f"{where}.candidates", "trống, hoặc có tên ghi hai lần")
    return data


def paper(value, where, kind, ids):  # {contest: [(name, points), …]}: 1 for yes or chosen, 0 for no, None for blank
    marks = {}
    for key, answer in fields(value, where, [], ids).items():
        place = f"{where}.{key}"
        pairs = tuple((one, "yes") for one, _ in items(answer, place)) if kind == "choose" else answer
        need(type(pairs) is tuple, place, "phải là một đối tượng { }")
        need(kind == "score" or all(vote in [*VOTES] for _, vote in pairs), place, "chỉ nhận yes, no, blank")
        marks[key] = [(text(one, place), points(vote) if kind == "score" else VOTES[vote]) for one, vote in pairs]
    return marks


def read_sitting(value):
    data = {"written": [], **fields(value, "toàn tệp", NEEDED.split(), ["issued", "written"])}
    for key, least in (("members", 1), ("present", 0), ("issued", 0)):
        fits = type(data.setdefault(key, data["present"])) is int and least <= data[key] <= 999999999
        need(fits, key, f"phải là số nguyên từ {least} đến 999999999")
    for key, choices in CHOICES.items():
        need(type(data[key]) in (str, bool) and data[key] in choices, key, f"phải là một trong {choices}")
    data["quorum"] = ratio(data["quorum"], "quorum", 0)
    data["threshold"] = None if data["threshold"] is None else ratio(data["threshold"], "threshold", 1)
    data["contests"] = [contest(one, place, data["kind"]) for one, place in items(data["contests"], "contests")]
    ids = [one["id"] for one in data["contests"]]
    need(ids and len(set(ids)) == len(ids), "contests", "trống, hoặc có mã ghi hai lần")
    for key in ("papers", "written"):
        data[key] = [paper(one, place, data["kind"], ids) for one, place in items(data[key], key)]
    numbers = [len(data["papers"]), data["issued"], data["present"], data["members"]]
    need(numbers == sorted(numbers), "papers, issued, present, members", "phải thu vào ≤ phát ra ≤ có mặt ≤ thành viên")
    need(len(data["written"]) <= numbers[3] - numbers[2], "written", "nhiều hơn số thành viên vắng")
    return data


def fault(data, asked, marks):  # why these marks do not count in this contest; nothing when they do
    names, given = [one for one, _ in marks], [one for _, one in marks if one is not None]
    found = {
        "có tên ngoài danh sách": set(names) - set(asked["candidates"]),
        "có tên ghi nhiều lần": len(set(names)) < len(names),
        "điểm sai thang điểm": any(not 0 <= one <= asked["most"] or one % asked["step"] for one in given),
        "chọn quá số lượng": data["kind"] != "score" and asked["seats"] and sum(given) > asked["seats"],
        "phiếu trắng": not given and not data["blank_is_valid"],
    }
    return next((reason for reason in found if found[reason]), None)


def count(data, asked, quorum_met):
    written = data["written"] if data["count_written"] else []
    marks = [one.get(asked["id"], []) for one in data["papers"] + written]
    faults = [fault(data, asked, one) for one in marks]
    valid = [dict(one) for one, reason in zip(marks, faults) if reason is None]
    bases = {"members": data["members"], "present": data["present"] + len(written), "valid": len(valid)}
    base, least, seats = bases[data["denominator"]], data["threshold"], asked["seats"] or len(asked["candidates"])
    tally, places = {}, {"elected": [], "tied": [], "not_elected": []}
    for one in asked["candidates"]:
        given = [paper[one] for paper in valid if paper.get(one) is not None]
        gain, whole = sum(given), base * asked["most"]
        row = {"yes": gain, "no": len(given) - gain}
        if data["kind"] == "score":
            row = {"points": f"{gain // 10**6}.{gain % 10**6:06}".rstrip("0").rstrip("."), "papers": len(given)}
        row.update(blank=len(valid) - len(given), share=f"{gain // asked['unit']}/{whole // asked['unit']}")
        row["passed"] = gain > 0 if least is None else base > 0 and gain * least[1] >= least[0] * whole
        tally[one] = gain, row
    rivals = [gain for gain, row in tally.values() if row["passed"]]
    for one, (gain, row) in tally.items():
        above, level = sum(other > gain for other in rivals), sum(other >= gain for other in rivals)
        place = "elected" if level <= seats else "tied" if above < seats else "not_elected"
        places[place if quorum_met and row["passed"] else "not_elected"].append(one)
    invalid = [{"paper": index, "reason": reason} for index, reason in enumerate(faults) if reason]
    head = {"id": asked["id"], "issued": data["issued"], "received": len(data["papers"]), "valid": len(valid)}
    head.update(invalid=invalid, denominator=base, candidates={one: row for one, (_, row) in tally.items()})
    return {**head, **places}


def differences(ours, theirs, where=""):
    need(type(theirs) is not tuple or len(dict(theirs)) == len(theirs), f"kết quả{where}", "có khóa ghi hai lần")
    ours = dict(enumerate(ours)) if type(ours) is list else ours
    theirs = dict(theirs if type(theirs) is tuple else enumerate(theirs)) if type(theirs) in (list, tuple) else theirs
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
            figures = ", ".join(f"{LABELS[key]} {row[key]}" for key in LABELS if key in row)
            yield f"  {name}: {figures}; {row['share']}, {next(WORDS[key] for key in WORDS if name in one[key])}"


def main(arguments):
    paths = [one for one in arguments if one != "--json"]
    try:
        need(1 <= len(paths) <= 2, "Cách dùng", __doc__)
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
