"""A campaign on its way down: laid with the units it addresses, acknowledged by them, and mended by its keeper."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from campaigns.models import Assignment, Campaign, CampaignDelivery, CampaignReceipt
from campaigns.selectors.cascade import list_answerable, list_unacknowledged_in
from campaigns.services.crossing import both_sides
from campaigns.services.doors import require_keeper
from units.actors import Actor
from units.folding import nfc
from units.models import Unit
from units.refusals import RefusedError
from units.services.audit import record_act, record_acts, record_unit_act

# How far up one answer after another is followed; no cascade has that many levels.
_MOST_LEVELS = 20


def deliver_campaign(campaign: Campaign, *, day: date) -> int:
    """Lay the campaign with every unit that owes something under it and has not got it; return with how many.

    The issuer itself is left out. Needs a scope that holds the issuer and every addressed unit.
    """
    owing = Assignment.objects.filter(obligation__campaign=campaign, merged_into__isnull=True)
    had = CampaignDelivery.objects.filter(campaign=campaign)
    units = list(
        Unit.objects.filter(pk__in=owing.values("unit_id"), valid_to__isnull=True)
        .exclude(pk=campaign.issuer_id)
        .exclude(pk__in=had.values("addressee_id"))
        .order_by("path")
    )
    CampaignReceipt.objects.bulk_create([CampaignReceipt(unit=unit, campaign=campaign, sent_on=day) for unit in units])
    CampaignDelivery.objects.bulk_create(
        [CampaignDelivery(unit=campaign.issuer, campaign=campaign, addressee=unit, sent_on=day) for unit in units]
    )
    return len(units)


@transaction.atomic
def send_campaign(campaign: Campaign, *, actor: Actor, day: date) -> int:
    """Lay a campaign that stands already with the units that owe something under it and have not got it.

    Refuses whoever does not keep the campaign, one that has ended, and one that everybody has got.
    """
    campaign = Campaign.objects.select_for_update(of=("self",)).select_related("issuer").get(pk=campaign.pk)
    require_keeper(campaign, actor)
    if campaign.closes_on < day:
        raise RefusedError(
            "Phong trào đã kết thúc nên không gửi nữa.",
            why=f"Phong trào kết thúc ngày {campaign.closes_on:%d/%m/%Y}.",
            remedy="Muốn tổ chức lại, lập phong trào mới từ phong trào này.",
        )
    with both_sides():
        number = deliver_campaign(campaign, day=day)
    if not number:
        raise RefusedError(
            "Không còn đơn vị nào chưa nhận phong trào này.",
            why="Phong trào gửi tới các đơn vị được giao việc; các đơn vị đó đều đã có.",
            remedy="Xem danh sách xác nhận để biết đơn vị nào chưa xác nhận.",
        )
    record_unit_act("send-campaign", campaign.issuer, actor=actor, campaign=campaign.code, units=number)
    return number


@transaction.atomic
def acknowledge_campaign(receipt: CampaignReceipt, *, actor: Actor, at: datetime) -> CampaignReceipt:
    """Confirm for the unit that it has got the campaign: who and when, once, told to the issuer as well."""
    receipt = (
        CampaignReceipt.objects.select_for_update(of=("self",))
        .select_related("unit", "campaign__issuer")
        .get(pk=receipt.pk)
    )
    if receipt.unit_id != actor.unit.pk:
        raise RefusedError(
            f"{actor.unit} không xác nhận thay cho {receipt.unit} được.",
            why="Mỗi đơn vị tự xác nhận đã nhận phong trào.",
            remedy=f"Liên hệ {receipt.unit} nếu cần.",
        )
    if receipt.acknowledged_at is not None:
        raise RefusedError(
            "Đơn vị đã xác nhận phong trào này.",
            why=f"{receipt.acknowledged_label} xác nhận rồi; mỗi đơn vị xác nhận một lần.",
            remedy="Không cần làm gì thêm.",
        )
    receipt.acknowledged_at, receipt.acknowledged_label = at, actor.label
    receipt.save(update_fields=["acknowledged_at", "acknowledged_label"])
    with both_sides():
        CampaignDelivery.objects.filter(campaign=receipt.campaign_id, addressee=receipt.unit_id).update(
            acknowledged_at=at, acknowledged_label=actor.label
        )
    record_act("acknowledge-campaign", receipt, actor=actor)
    return receipt


# What a person may mend of a campaign that stands, under the names that people see.
EDITABLE = {
    "plan_number": "số kế hoạch",
    "plan_date": "ngày ban hành",
    "kind": "loại",
    "theme": "chủ đề",
    "content_areas": "lĩnh vực, nội dung",
    "method": "phương thức tổ chức",
    "scope": "phạm vi",
    "responds_to": "phong trào hưởng ứng",
    "legal_basis": "căn cứ",
}


@transaction.atomic
def edit_campaign(campaign: Campaign, *, reason: str, actor: Actor, **fields: Any) -> Campaign:
    """Fill in or mend what is said about a campaign, with a reason; its days and what is due stay.

    Refuses whoever does not keep it, a change without a reason, one that changes nothing, and an answer to a campaign
    that was not addressed to the issuer or that answers this one itself.
    """
    campaign = Campaign.objects.select_for_update(of=("self",)).select_related("issuer").get(pk=campaign.pk)
    require_keeper(campaign, actor)
    changed = {name: value for name, value in fields.items() if name in EDITABLE and getattr(campaign, name) != value}
    if not changed:
        raise RefusedError("Chưa có gì thay đổi.", remedy="Sửa chỗ cần sửa rồi lưu, hoặc quay lại.")
    reason = nfc(reason).strip()
    if not reason:
        raise RefusedError(
            "Chưa ghi lý do.", why="Số liệu thống kê dựa vào các mục này.", remedy="Ghi lý do sửa rồi lưu lại."
        )
    if changed.get("responds_to"):
        require_answerable(changed["responds_to"], campaign.issuer, answer=campaign)
    for name, value in changed.items():
        setattr(campaign, name, value)
    campaign.save(update_fields=[*changed, "folded_words"])
    record_unit_act(
        "edit-campaign",
        campaign.issuer,
        actor=actor,
        campaign=campaign.code,
        what=", ".join(EDITABLE[name] for name in changed),
        reason=reason,
    )
    return campaign


def require_answerable(higher: Campaign, issuer: Unit, *, answer: Campaign | None = None) -> None:
    """Refuse an answer to a campaign that neither a unit above launched nor the issuer received, and a circle."""
    if not list_answerable(issuer).filter(pk=higher.pk).exists():
        raise RefusedError(
            f"{issuer} không hưởng ứng phong trào «{higher}» được.",
            why="Phong trào đó không do đơn vị cấp trên phát động và không được gửi tới đơn vị.",
            remedy="Chọn phong trào của đơn vị cấp trên, hoặc phong trào đơn vị đã nhận.",
        )
    above: Campaign | None = higher
    for _ in range(_MOST_LEVELS):
        if above is None or answer is None:
            return
        if above.pk == answer.pk:
            raise RefusedError(
                "Hai phong trào không hưởng ứng lẫn nhau được.",
                why=f"«{higher}» đang hưởng ứng chính phong trào này.",
                remedy="Chọn phong trào khác, hoặc để trống.",
            )
        above = above.responds_to


def pass_receipts(source: Unit, heir: Unit, *, on: date, actor: Actor) -> None:
    """What `source` has not acknowledged waits at the heir, unless that has got the same or launched it."""
    had = set(CampaignReceipt.objects.filter(unit=heir).values_list("campaign_id", flat=True))
    passed = [
        receipt
        for receipt in list_unacknowledged_in([source], on).select_for_update(of=("self",))
        if receipt.campaign_id not in had and receipt.campaign.issuer_id != heir.pk
    ]
    CampaignReceipt.objects.filter(pk__in=[one.pk for one in passed]).update(unit=heir, unit_path=heir.path)
    CampaignDelivery.objects.filter(campaign__in=[one.campaign_id for one in passed], addressee=source).update(
        addressee=heir
    )
    for one in passed:
        one.unit, one.unit_path = heir, heir.path
    detail = {"source": source.short_name, "on": on.isoformat()}
    record_acts("take-over-campaign", [(one, detail) for one in passed], actor=actor)
