"""Forms of a plan that is being checked: its file, its header, and one form for each kind of thing it says."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from campaigns.forms.campaigns import DoorFields, StatisticsFields, door_initial
from campaigns.forms.clusters import WordsField, require_later_than
from campaigns.forms.plan_indicators import indicator_initial
from campaigns.forms.plan_items import Group, ItemForm
from campaigns.models import ClusterYear, FilingKind, ObligationKind
from campaigns.plan_bearers import CLUSTER_WORDS
from campaigns.plan_items import DUE_TYPES, EVERY_WORDS, as_day
from campaigns.shares import ROUNDINGS
from units.folding import nfc
from units.forms.fields import DayField, StaticChoices, UnitField
from units.models import Unit
from units.selectors.people import match_units

SPARE_PAPERS = 2


class PlanFileForm(forms.Form):
    file = forms.FileField(
        label="Tệp kế hoạch",
        help_text="TXT, DOCX, hoặc PDF có chữ (không phải ảnh quét). Phần mềm chỉ đọc, không tự đưa gì vào phong trào.",
        error_messages={
            "required": "Chọn một tệp kế hoạch.",
            "empty": "Tệp rỗng (0 byte). Mở tệp trên máy để kiểm tra rồi chọn lại.",
            "max_length": "Tên tệp dài hơn 200 chữ. Đổi tên tệp cho ngắn rồi chọn lại.",
        },
        max_length=200,
    )


class PlanHeaderForm(StatisticsFields):
    version = forms.IntegerField(widget=forms.HiddenInput)
    number = WordsField(label="Số kế hoạch", max_length=60, help_text="Ví dụ 118/KH-CTHADS")
    issuer = UnitField(label="Nơi ban hành", max_length=200, help_text="Mã hoặc tên đơn vị phát động phong trào")
    place = WordsField(label="Địa danh", max_length=60, required=False)
    issued_on = DayField(label="Ngày ban hành")
    title = WordsField(label="Tên phong trào", max_length=300)
    opens_on = DayField(label="Phong trào bắt đầu ngày")
    closes_on = DayField(label="Phong trào kết thúc ngày")
    cluster_year = forms.ModelChoiceField(
        label="Là kế hoạch của khu vực, cụm, khối",
        queryset=ClusterYear.objects.none(),
        required=False,
        empty_label="Không phải",
        help_text="Chọn thì giao được việc cho thành viên, trưởng, phó của khu vực, cụm, khối trong năm đó",
    )

    field_order = (
        *("version", "number", "issuer", "place", "issued_on", "title", "theme", "kind", "opens_on", "closes_on"),
        *("cluster_year", "responds_to", "content_areas", "method", "scope"),
    )

    def __init__(
        self,
        *args: Any,
        root: Unit,
        answerable: Any,
        years: QuerySet[ClusterYear],
        issuer_words: str = "",
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.offer(answerable)
        self.fields["cluster_year"].queryset = years  # type: ignore[attr-defined]
        self.fields["issuer"].root = root  # type: ignore[attr-defined]
        if issuer_words:
            self.fields["issuer"].help_text += f". Văn bản ghi: «{issuer_words}»"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        require_later_than(cleaned.get("opens_on"), cleaned.get("closes_on"))
        return cleaned


class BasisForm(ItemForm):
    words = WordsField(label="Văn bản làm căn cứ", max_length=300)
    number = WordsField(
        label="Số, ký hiệu", max_length=60, required=False, help_text="Để nối với danh mục văn bản, nếu có ở đó"
    )

    def as_data(self, before: dict[str, Any]) -> dict[str, Any]:
        return before | {"words": self.cleaned_data["words"], "number": self.cleaned_data["number"]}


class PhaseForm(DoorFields, ItemForm):
    name = WordsField(label="Tên đợt", max_length=200)
    first = DayField(label="Bắt đầu ngày")
    last = DayField(label="Kết thúc ngày")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        require_later_than(cleaned.get("first"), cleaned.get("last"))
        return cleaned

    def as_data(self, before: dict[str, Any]) -> dict[str, Any]:
        said = self.cleaned_data
        doors = {door.value: [_iso(day) for day in days] for door, days in self.doors().items() if days}
        return before | {"name": said["name"], "first": _iso(said["first"]), "last": _iso(said["last"]), "doors": doors}

    def groups(self) -> list[Group]:
        said = ("Đợt", [self["name"], self["first"], self["last"]])
        return [said, ("Thời gian mở, đóng trong đợt; bỏ trống nghĩa là không giới hạn", self.door_fields())]


class QuotaForm(ItemForm):
    title = WordsField(label="Được đề nghị cái gì, cho ai", max_length=200)
    at_most = forms.IntegerField(
        label="Không quá (số lượng)",
        required=False,
        min_value=1,
        max_value=9999,
        help_text="Bỏ trống khi kế hoạch ghi tỷ lệ",
        error_messages={"invalid": "Ghi một số, ví dụ 3."},
    )
    percent = forms.IntegerField(
        label="Không quá (phần trăm)",
        required=False,
        min_value=1,
        max_value=100,
        help_text="Ví dụ 15; bỏ trống khi kế hoạch ghi số lượng",
        error_messages={"invalid": "Ghi một số từ 1 đến 100, ví dụ 15."},
    )
    percent_of = WordsField(
        label="Phần trăm tính trên",
        max_length=200,
        required=False,
        help_text="Ví dụ: tổng số cá nhân đạt danh hiệu Lao động tiên tiến",
    )
    rounding = StaticChoices(
        label="Khi tỷ lệ không ra số nguyên",
        empty="Chọn cách làm tròn",
        choices=list(ROUNDINGS.items()),
        required=False,
    )
    unit_kinds = forms.MultipleChoiceField(
        label="Áp dụng cho loại đơn vị",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Không chọn nghĩa là mọi loại.",
    )
    tentative = forms.BooleanField(label="Kế hoạch ghi là số dự kiến", required=False)

    def __init__(self, *args: Any, kinds: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit_kinds"].choices = list(kinds)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("at_most") and cleaned.get("percent"):
            self.add_error("percent", "Chỉ ghi một trong hai: số lượng hoặc phần trăm.")
        return cleaned

    def as_data(self, before: dict[str, Any]) -> dict[str, Any]:
        said = self.cleaned_data
        share = {"percent_of": "", "rounding": ""}
        if said["percent"]:
            share = {name: said[name] for name in share}
        plain = {name: said[name] for name in ("title", "at_most", "percent", "unit_kinds", "tentative")}
        return before | plain | share


class ObligationForm(ItemForm):
    title = WordsField(label="Việc phải làm", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    kind = forms.ChoiceField(label="Loại việc", choices=ObligationKind.choices)
    filing = StaticChoices(
        label="Nội dung phải gửi", empty="Theo loại việc", choices=FilingKind.choices, required=False
    )
    optional = forms.BooleanField(label="Không bắt buộc", required=False)
    kinds = forms.MultipleChoiceField(label="Loại đơn vị phải làm", required=False, widget=forms.CheckboxSelectMultiple)
    within = UnitField(
        label="Các loại đơn vị ấy thuộc",
        max_length=200,
        required=False,
        help_text="Mã hoặc tên đơn vị; bỏ trống nghĩa là đơn vị đồng chí đang làm việc",
    )
    units = forms.CharField(
        label="Đơn vị nêu tên",
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Mỗi dòng một đơn vị: mã hoặc tên",
    )
    cluster_who = StaticChoices(
        label="Theo vai trò trong khu vực, cụm, khối",
        empty="Không giao theo khu vực, cụm, khối",
        choices=list(CLUSTER_WORDS.items()),
        required=False,
    )
    cluster_of = forms.ChoiceField(
        label="Của khu vực, cụm, khối nào",
        required=False,
        help_text="Đơn vị trưởng, phó, thành viên là của năm phong trào bắt đầu",
    )
    owed_to = UnitField(
        label="Gửi về", max_length=200, required=False, help_text="Mã hoặc tên; bỏ trống nghĩa là đơn vị phát động"
    )
    copies_to = forms.CharField(
        label="Gửi thêm bản sao cho",
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Mỗi dòng một đơn vị: mã hoặc tên. Các nơi này nhận một bản của mỗi lần gửi, ví dụ các phó cụm",
    )
    due_type = forms.ChoiceField(label="Cách nêu thời hạn", choices=list(DUE_TYPES.items()), widget=forms.RadioSelect)
    day = DayField(label="Ngày", required=False, help_text="Cho «đến hết ngày», «trước ngày», «vào một dịp»")
    first = DayField(label="Từ ngày", required=False, help_text="Cho «trong khoảng»")
    last = DayField(label="Đến ngày", required=False, help_text="Cho «trong khoảng»")
    days = forms.IntegerField(
        label="Số ngày", required=False, min_value=1, max_value=3650, help_text="Cho «sau một sự kiện»"
    )
    after = WordsField(label="Sau sự kiện", max_length=200, required=False, help_text="Ví dụ: kết thúc kiểm tra")
    working = forms.BooleanField(label="Chỉ đếm ngày làm việc", required=False)
    occasion = WordsField(label="Dịp", max_length=200, required=False, help_text="Cho «vào một dịp»")
    every = StaticChoices(label="Lặp lại", empty="Không lặp", choices=list(EVERY_WORDS.items()), required=False)
    until = forms.IntegerField(
        label="Chậm nhất ngày mấy của tháng cuối kỳ",
        required=False,
        min_value=1,
        max_value=31,
        help_text="Cho «lặp lại»; bỏ trống nghĩa là hết tháng",
    )
    phrase = WordsField(
        label="Lời của kế hoạch về thời hạn",
        max_length=200,
        required=False,
        help_text="Bỏ trống nghĩa là kế hoạch không nêu, cơ quan tự đặt",
    )
    phase = StaticChoices(label="Thuộc đợt", empty="Không thuộc đợt nào", choices=[], required=False)
    awards = forms.MultipleChoiceField(
        label="Danh hiệu, hình thức được đề nghị", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: Any,
        top: Unit,
        kinds: Sequence[tuple[str, str]],
        phases: Sequence[tuple[int, str]],
        awards: Sequence[tuple[str, str]],
        clusters: Sequence[tuple[str, str]],
        papers: int,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.top = top
        self.fields["cluster_of"].choices = list(clusters)  # type: ignore[attr-defined]
        self.fields["kinds"].choices = list(kinds)  # type: ignore[attr-defined]
        self.paper_rows = range(papers + SPARE_PAPERS)
        self.fields["within"].root = top  # type: ignore[attr-defined]
        # What is sent may go up, out of the actor's own branch.
        self.fields["owed_to"].root = Unit(path=top.path[: Unit.PATH_STEP], name="toàn hệ thống")  # type: ignore[attr-defined]
        self.fields["phase"].choices = [("", "Không thuộc đợt nào"), *phases]  # type: ignore[attr-defined]
        self.fields["awards"].choices = list(awards)  # type: ignore[attr-defined]
        for row in self.paper_rows:
            self.fields[f"paper_{row}"] = WordsField(label=f"Giấy tờ {row + 1}", max_length=200, required=False)
            self.fields[f"pages_{row}"] = forms.IntegerField(
                label=f"Giấy tờ {row + 1}: không quá mấy trang", required=False, min_value=1, max_value=999
            )
            self.fields[f"if_any_{row}"] = forms.BooleanField(
                label=f"Giấy tờ {row + 1}: chỉ gửi nếu có", required=False
            )

    def groups(self) -> list[Group]:
        papers = [name for row in self.paper_rows for name in (f"paper_{row}", f"pages_{row}", f"if_any_{row}")]
        named = (
            ("Việc", ["title", "kind", "filing", "optional", "phase"]),
            ("Ai phải làm", ["kinds", "within", "units", "cluster_who", "cluster_of"]),
            ("Gửi cho ai", ["owed_to", "copies_to"]),
            (
                "Thời hạn",
                [
                    *("due_type", "day", "first", "last", "days", "after", "working"),
                    *("occasion", "every", "until", "phrase"),
                ],
            ),
            ("Giấy tờ phải gửi", papers),
            ("Khi là việc đề nghị khen thưởng", ["awards"]),
        )
        return [(legend, [self[name] for name in names]) for legend, names in named]

    def clean_units(self) -> list[str]:
        return _codes_of(self.cleaned_data["units"], self.top.path, f"phạm vi của {self.top.short_name}")

    def clean_copies_to(self) -> list[str]:
        # Copies may go where the paper itself may: out of the actor's own branch.
        return _codes_of(self.cleaned_data["copies_to"], self.top.path[: Unit.PATH_STEP], "toàn hệ thống")

    def as_data(self, before: dict[str, Any]) -> dict[str, Any]:
        said = self.cleaned_data
        within = said["within"] or self.top
        lines = {paper["name"]: paper["line"] for paper in before["papers"] if paper.get("line")}
        return before | {
            "title": said["title"],
            "kind": said["kind"],
            "filing": said["filing"],
            "optional": said["optional"],
            "awards": said["awards"] if said["kind"] == ObligationKind.NOMINATION else [],
            "phase": int(said["phase"]) if said["phase"] else None,
            "kinds": said["kinds"],
            "within": within.code if said["kinds"] else "",
            "units": said["units"],
            "cluster": {"who": said["cluster_who"], "of": said["cluster_of"]} if said["cluster_who"] else None,
            "owed_to": said["owed_to"].code if said["owed_to"] else "",
            "copies_to": said["copies_to"],
            "phrase": said["phrase"],
            "papers": [
                {"name": said[f"paper_{row}"], "max_pages": said[f"pages_{row}"]}
                | ({"required": False} if said[f"if_any_{row}"] else {})
                | ({"line": lines[said[f"paper_{row}"]]} if said[f"paper_{row}"] in lines else {})
                for row in self.paper_rows
                if said[f"paper_{row}"]
            ],
            "due": self._due(),
        }

    def _due(self) -> dict[str, Any]:
        said = self.cleaned_data
        kind = said["due_type"]
        used = {
            "until-day": ("day",),
            "before-day": ("day",),
            "range": ("first", "last"),
            "days-after": ("days", "after", "working"),
            "occasion": ("occasion", "day"),
            "recurrent": ("every", "until"),
        }.get(kind, ())
        return {"type": kind} | {
            name: _iso(said[name]) if name in ("day", "first", "last") else said[name] for name in used
        }


def _codes_of(typed: str, path: str, where: str) -> list[str]:
    """The codes of the units typed one a line, each known for sure."""
    lines = [line.strip() for line in nfc(typed).splitlines() if line.strip()]
    codes = []
    for text, found in match_units(path, lines).items():
        if len(found) != 1:
            what = "khớp với nhiều đơn vị" if found else "không khớp với đơn vị nào"
            raise ValidationError(f"«{text}» {what} trong {where}. Ghi mã đơn vị.")
        codes.append(found[0].code)
    return codes


PLAIN_FORMS: dict[str, type[ItemForm]] = {"basis": BasisForm, "phase": PhaseForm}


def initial_of(kind: str, data: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """What the form of an item starts with; `names` gives how a unit stands in a box, by its code."""
    if kind == "phase":
        doors = [(door, *map(date.fromisoformat, days)) for door, days in (data.get("doors") or {}).items()]
        days = {"name": data["name"], "first": as_day(data["first"]), "last": as_day(data["last"])}
        return days | door_initial(doors)
    if kind == "indicator":
        return indicator_initial(data, names)
    if kind != "obligation":
        return dict(data)
    due = data["due"]
    initial = {name: value for name, value in data.items() if name not in ("due", "papers", "units", "cluster")}
    part = data.get("cluster") or {}
    initial |= {"cluster_who": part.get("who", ""), "cluster_of": part.get("of", "")}
    initial |= {f"if_any_{row}": not paper.get("required", True) for row, paper in enumerate(data["papers"])}
    initial |= {name: due.get(name) for name in ("days", "after", "working", "occasion", "every", "until")}
    initial |= {name: as_day(due.get(name)) for name in ("day", "first", "last")}
    initial |= {f"paper_{row}": paper["name"] for row, paper in enumerate(data["papers"])}
    initial |= {f"pages_{row}": paper["max_pages"] for row, paper in enumerate(data["papers"])}
    return initial | {
        "due_type": due["type"],
        "units": "\n".join(names.get(code, code) for code in data["units"]),
        "copies_to": "\n".join(names.get(code, code) for code in data.get("copies_to", ())),
        "within": names.get(data["within"], data["within"]),
        "owed_to": names.get(data["owed_to"], data["owed_to"]),
    }


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None
