"""A few nominations of other units, made through the same doors as everybody's, so that lists are not empty."""

import io
from datetime import date, datetime

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile

from campaigns.models import Campaign
from exemplars.models import Nomination
from exemplars.services.assessments import list_judgements
from exemplars.services.evidence import attach_evidence, attest_nomination
from exemplars.services.nominations import (
    accept_nomination,
    create_nomination,
    forward_nomination,
    save_nomination,
    submit_nomination,
)
from units.actors import Actor, act_as
from units.models import AwardTitle, Membership, Person, Unit
from units.roles import Role

TEXTS = {
    "duties": "Nhiệm vụ giả định để trình diễn: tổ chức thi hành án dân sự trên địa bàn được phân công.",
    "achievements": "Thành tích giả định: giải quyết xong 96 % số việc có điều kiện, tăng 4 % so với năm trước.",
    "initiatives": "Sáng kiến giả định: bảng theo dõi thời hạn xác minh dùng chung trong đơn vị.",
    "community": "Hoạt động giả định: tham gia hiến máu và giúp đỡ hộ khó khăn tại xã kết nghĩa.",
}


def _actor(unit: Unit, role: Role) -> Actor:
    return act_as(Membership.objects.select_related("user", "unit").get(unit=unit, role=role))


def _scan() -> SimpleUploadedFile:
    document, buffer = pikepdf.new(), io.BytesIO()
    document.add_blank_page(page_size=(595, 842))
    document.save(buffer)
    return SimpleUploadedFile("bien-ban-hop-binh-xet.pdf", buffer.getvalue())


def nominate(
    campaign: Campaign, nominee: Person | Unit, *, secretariat: Actor | None, day: date, at: datetime
) -> Nomination:
    """One nomination by the nominee's unit up to the council's agenda, or up to the secretariat without one given."""
    unit = nominee.unit if isinstance(nominee, Person) else nominee
    clerk, head = _actor(unit, Role.CLERK), _actor(unit, Role.HEAD)
    title = AwardTitle.objects.get(code="grassroots-annual")
    nomination = create_nomination(
        campaign, recognition=title, year=day.year, nominee=nominee, actor=clerk, day=day, at=at
    )
    save_nomination(nomination, TEXTS, version=1, actor=clerk, at=at)
    attach_evidence(nomination, _scan(), kind="meeting", number="MAU-03/BB", issued_on=day, actor=clerk, at=at)
    submit_nomination(nomination, actor=clerk, day=day, at=at)
    judgements = {finding.code: (True, "Biên bản họp đơn vị") for finding in list_judgements(nomination, day=day)}
    attest_nomination(nomination, judgements, actor=head, at=at)
    forward_nomination(nomination, actor=head, day=day, at=at)
    if secretariat is not None:
        accept_nomination(nomination, actor=secretariat, day=day, at=at)
    return nomination
