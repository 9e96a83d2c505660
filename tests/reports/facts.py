"""Facts of a dossier that tests vary: invented people, plainly so."""

import hashlib
import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pikepdf
from PIL import Image

from reports.documents.facts import (
    AttachmentFacts,
    CandidateFacts,
    ContestFacts,
    CriteriaFacts,
    DecisionFacts,
    DecisionLineFacts,
    DossierFacts,
    FindingFacts,
    GradingFacts,
    HonourFacts,
    Letterhead,
    MemberFacts,
    MinutesFacts,
    NomineeFacts,
    Signature,
    VotingRuleFacts,
)

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CUC = "Cục Thi hành án dân sự tỉnh Thái Nguyên"
CHI_CUC = "Chi cục Thi hành án dân sự huyện Đại Từ"
PLAN = "Kế hoạch tháng 02/2023 của Cục THADS tỉnh Thái Nguyên"
SEVEN = ("Một", "Hai", "Ba", "Bốn", "Năm", "Sáu", "Bảy")


def findings() -> tuple[FindingFacts, ...]:
    cite = f"{PLAN}, II.2.2.2"
    return (
        FindingFacts(
            "G2",
            "met",
            "Xếp loại hoàn thành xuất sắc nhiệm vụ trong năm",
            cite,
            ("Xếp loại năm 2023: hoàn thành xuất sắc nhiệm vụ (41/QĐ-CTHADS, 20/12/2023)",),
            "Có kết quả xếp loại năm 2023 ở mức phải đạt.",
            "",
        ),
        FindingFacts(
            "B-C1",
            "unmet",
            "Đủ điều kiện xét Chiến sĩ thi đua cơ sở trở lên",
            cite,
            (),
            "Sổ không ghi danh hiệu nào từ Chiến sĩ thi đua cơ sở trở lên cho năm 2023.",
            "Bổ sung kết quả xét danh hiệu năm 2023 của đơn vị.",
        ),
        FindingFacts(
            "G4",
            "undetermined",
            "Tham gia hoạt động xã hội, từ thiện",
            cite,
            (),
            "Tiêu chuẩn này do thủ trưởng đơn vị xác nhận; chưa có xác nhận.",
            "Đề nghị thủ trưởng đơn vị xác nhận kèm căn cứ.",
        ),
    )


def minutes(**changes: Any) -> MinutesFacts:
    members = tuple(
        MemberFacts(
            name=f"Trần Giả Định {name}",
            position="Cục trưởng" if order == 0 else "Trưởng phòng",
            seat="Chủ tịch" if order == 0 else "Ủy viên",
            is_secretary=order == 3,
            is_teller=order in (4, 5),
            is_present=order != 6,
            absence="đi công tác" if order == 6 else "",
        )
        for order, name in enumerate(SEVEN)
    )
    facts = MinutesFacts(
        head=Letterhead(CUC, "Hội đồng Thi đua - Khen thưởng", "Thái Nguyên", "HĐTĐKT"),
        council=f"Hội đồng Thi đua - Khen thưởng {CUC}",
        founding="Quyết định số 15/QĐ-CTHADS ngày 10/01/2023",
        sitting="Xét điển hình tiên tiến cấp cơ sở năm 2023",
        held_on=date(2023, 11, 24),
        place="Phòng họp tầng 2",
        members=members,
        present=6,
        members_total=7,
        quorum_met=True,
        rule=VotingRuleFacts("2/3", "tổng số thành viên Hội đồng", "2/3", "quy định minh họa, khoản 1"),
        contests=(
            ContestFacts(
                "Điển hình tiên tiến cấp cơ sở: cá nhân",
                None,
                6,
                6,
                6,
                0,
                7,
                (
                    CandidateFacts("Nguyễn Thị Mẫu Một", 5, 1, 0, "5/7", True, "elected"),
                    CandidateFacts("Lê Văn Mẫu Hai", 3, 2, 1, "3/7", False, "not-elected"),
                ),
            ),
        ),
        warnings=(),
        counted_at=datetime(2023, 11, 24, 9, 40, tzinfo=UTC),
    )
    return replace(facts, **changes)


def decision(**changes: Any) -> DecisionFacts:
    facts = DecisionFacts(
        head=Letterhead("Tổng cục Thi hành án dân sự", CUC, "Thái Nguyên", "CTHADS"),
        number="215/QĐ-CTHADS",
        signed_on=date(2023, 12, 1),
        subject="Về việc công nhận điển hình tiên tiến cấp cơ sở năm 2023",
        issuing_authority=f"Cục trưởng {CUC}",
        signature=Signature(("Cục trưởng",), "Trần Giả Định Một"),
        council=f"Hội đồng Thi đua - Khen thưởng {CUC}",
        sitting_on=date(2023, 11, 24),
        lines=(DecisionLineFacts("Nguyễn Thị Mẫu Một", "Chấp hành viên sơ cấp", CHI_CUC),),
        issued_at=datetime(2023, 12, 1, 3, 0, tzinfo=UTC),
    )
    return replace(facts, **changes)


def dossier(**changes: Any) -> DossierFacts:
    facts = DossierFacts(
        recognition="Điển hình tiên tiến cấp cơ sở",
        year=2023,
        campaign="Xây dựng điển hình tiên tiến trong các cơ quan thi hành án dân sự tỉnh Thái Nguyên",
        plan=PLAN,
        legal_basis=("Luật Thi đua, khen thưởng số 06/2022/QH15 ngày 15/6/2022",),
        state="Đã công nhận",
        as_of=datetime(2023, 12, 1, 3, 0, tzinfo=UTC),
        forwarded_on=date(2023, 2, 5),
        head=Letterhead(CUC, CHI_CUC, "Đại Từ", "CCTHADS"),
        unit=CHI_CUC,
        addressee=f"Hội đồng Thi đua - Khen thưởng {CUC}",
        signature=Signature(("Chi cục trưởng",), "Phạm Thử Nghiệm"),
        nominee=NomineeFacts(
            "Nguyễn Thị Mẫu Một",
            is_person=True,
            unit=CHI_CUC,
            position="Chấp hành viên sơ cấp",
            gender="Nữ",
            birth_date=date(1988, 3, 9),
            employment="Công chức",
        ),
        duties="Tổ chức thi hành các bản án, quyết định thuộc địa bàn được giao.",
        achievements="Thụ lý 214 việc, thi hành xong 189 việc.\n\nKhông có việc nào bị khiếu nại đúng.",
        initiatives="Sổ theo dõi việc thi hành án theo mã màu, áp dụng tại 9 Chi cục.",
        community="Tham gia hiến máu và ủng hộ đồng bào vùng lũ.",
        gradings=(GradingFacts(2023, "Hoàn thành xuất sắc nhiệm vụ", "41/QĐ-CTHADS", date(2023, 12, 20)),),
        honours=(
            HonourFacts(2022, "Chiến sĩ thi đua cơ sở", True, "12/QĐ-CTHADS", date(2022, 12, 28), CUC),
            HonourFacts(2021, "Lao động tiên tiến", True, "10/QĐ-CTHADS", date(2021, 12, 27), CUC),
            HonourFacts(2021, "Giấy khen", False, "11/QĐ-CTHADS", date(2021, 12, 27), CUC),
        ),
        criteria=CriteriaFacts(
            "Tiêu chuẩn điển hình tiên tiến 2023", "unmet", datetime(2023, 11, 20, 2, 0, tzinfo=UTC), findings()
        ),
        minutes=minutes(),
        decision=decision(),
        attachments=(),
    )
    return replace(facts, **changes)


def attachment(name: str, media_type: str, content: bytes, **changes: Any) -> AttachmentFacts:
    facts = AttachmentFacts(
        pk=name,
        file_name=name,
        kind="Tài liệu khác",
        number="",
        issued_on=None,
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    return replace(facts, **changes)


def pdf_file(pages: int = 1, rotate: int = 0) -> bytes:
    with pikepdf.new() as pdf:
        for _ in range(pages):
            page = pdf.add_blank_page(page_size=(595, 842))
            if rotate:
                page.rotate(rotate, relative=False)
        buffer = io.BytesIO()
        pdf.save(buffer)
        return buffer.getvalue()


def picture_file(kind: str, size: tuple[int, int] = (900, 600)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, "steelblue").save(buffer, kind)
    return buffer.getvalue()


def word_file(body: str, *, extra: dict[str, str] | None = None, relations: str = "") -> bytes:
    """A DOCX as small as a reader accepts, with `body` inside."""
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    files = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override '
        f'PartName="/word/document.xml" ContentType="{DOCX}.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{package}/relationships">{relations}</Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{word}" xmlns:r="{office}"><w:body>{body}</w:body></w:document>',
        **(extra or {}),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def words(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
