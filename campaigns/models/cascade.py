"""How a campaign reaches the units it addresses, as each side keeps it.

The issuer need not stand above everybody it addresses (the head of a cluster), so each side has a row of its own and
what both must know is written to both (`services/cascade.py`).
"""

from django.db import models
from django.db.models import Q

from campaigns.models.plan import Campaign
from units.models import TenantModel, Unit


class CampaignReceipt(TenantModel):
    """At the addressed unit: it has got the campaign, and who has acknowledged that and when."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="receipts")
    sent_on = models.DateField("Gửi đến ngày")
    acknowledged_at = models.DateTimeField("Xác nhận lúc", null=True, blank=True)
    acknowledged_label = models.CharField("Người xác nhận", max_length=240, blank=True)

    class Meta:
        ordering = ["-sent_on", "id"]
        indexes = [
            models.Index(fields=["unit_path", "-sent_on"], name="campaign_receipt_scope"),
            models.Index(fields=["unit"], condition=Q(acknowledged_at__isnull=True), name="campaign_receipt_waiting"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["unit", "campaign"], name="campaign_received_once"),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True, acknowledged_label="")
                | (Q(acknowledged_at__isnull=False) & ~Q(acknowledged_label="")),
                name="campaign_receipt_acknowledged_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.campaign)


class CampaignDelivery(TenantModel):
    """At the issuer: to whom the campaign went, and whether that unit has acknowledged it."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="deliveries")
    addressee = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="Đơn vị nhận")
    sent_on = models.DateField("Gửi ngày")
    acknowledged_at = models.DateTimeField("Xác nhận lúc", null=True, blank=True)
    acknowledged_label = models.CharField("Người xác nhận", max_length=240, blank=True)

    class Meta:
        ordering = ["campaign", "addressee__path"]
        indexes = [models.Index(fields=["unit_path", "campaign"], name="campaign_delivery_scope")]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "addressee"], name="campaign_delivered_once"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} → {self.addressee}"
