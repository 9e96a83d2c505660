"""Fields of a campaign, its way to the units it addresses, phases apart from one another, and their doors."""

import campaigns.models.plan
import django.contrib.postgres.constraints
import django.db.models.deletion
import units.models.folded
import units.scoping
import uuid
from django.db import migrations, models

from units.migration_operations import fence_unit_path, write_rows

# One vocabulary: what was called otherwise here, in plan files and in drafts.
KINDS = {
    "phased": "drive",
    "exemplars": "period",
    "cluster": "regular",
    "cluster-year": "regular",
}


def rename_kinds(apps, schema_editor):
    cases = " ".join(f"WHEN '{old}' THEN '{new}'" for old, new in KINDS.items())
    names = ", ".join(f"'{old}'" for old in KINDS)
    for table in ("campaigns_campaign", "campaigns_plandraft"):
        schema_editor.execute(f"UPDATE {table} SET kind = CASE kind {cases} END WHERE kind IN ({names})")


def fold_words(apps, schema_editor):
    Campaign = apps.get_model("campaigns", "Campaign")
    for one in Campaign.objects.all():
        one.save(update_fields=["folded_words"])


def mark_whole(apps, schema_editor):
    """A phase that is the campaign's whole time may stand beside others; two others that overlap stop the upgrade."""
    schema_editor.execute(
        "UPDATE campaigns_phase SET is_whole = true FROM campaigns_campaign one"
        " WHERE one.id = campaign_id AND campaigns_phase.opens_on = one.opens_on"
        " AND campaigns_phase.closes_on = one.closes_on"
    )
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT one.title, other.title, campaign.title FROM campaigns_phase one"
            " JOIN campaigns_phase other ON other.campaign_id = one.campaign_id AND other.id > one.id"
            " AND other.opens_on <= one.closes_on AND one.opens_on <= other.closes_on"
            " JOIN campaigns_campaign campaign ON campaign.id = one.campaign_id"
            " WHERE NOT one.is_whole AND NOT other.is_whole ORDER BY one.id, other.id LIMIT 1"
        )
        row = cursor.fetchone()
    if row:
        raise ValueError(
            f"Đợt «{row[0]}» và đợt «{row[1]}» của phong trào «{row[2]}» chồng lên nhau. Sửa ngày của một trong hai đợt "
            "trong cơ sở dữ liệu rồi nâng cấp lại; chưa có gì được thay đổi."
        )


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0008_board_in_order"),
        ("units", "0016_retention"),
    ]

    operations = [
        migrations.CreateModel(
            name="CampaignDelivery",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("unit_path", units.scoping.UnitPathField(db_collation="C", editable=False, max_length=120)),
                ("sent_on", models.DateField(verbose_name="Gửi ngày")),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True, verbose_name="Xác nhận lúc")),
                ("acknowledged_label", models.CharField(blank=True, max_length=240, verbose_name="Người xác nhận")),
            ],
            options={
                "ordering": ["campaign", "addressee__path"],
            },
        ),
        migrations.CreateModel(
            name="CampaignReceipt",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("unit_path", units.scoping.UnitPathField(db_collation="C", editable=False, max_length=120)),
                ("sent_on", models.DateField(verbose_name="Gửi đến ngày")),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True, verbose_name="Xác nhận lúc")),
                ("acknowledged_label", models.CharField(blank=True, max_length=240, verbose_name="Người xác nhận")),
            ],
            options={
                "ordering": ["-sent_on", "id"],
            },
        ),
        migrations.CreateModel(
            name="PhaseDoor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "door",
                    models.CharField(
                        choices=[
                            ("register", "Nhận đăng ký"),
                            ("nominate", "Nhận đề nghị"),
                            ("appraise", "Thẩm tra"),
                            ("vote", "Bỏ phiếu"),
                            ("decide", "Ra quyết định"),
                        ],
                        max_length=10,
                        verbose_name="Việc",
                    ),
                ),
                ("opens_on", models.DateField(verbose_name="Mở từ ngày")),
                ("closes_on", models.DateField(verbose_name="Đến hết ngày")),
            ],
            options={
                "ordering": ["phase", "opens_on", "id"],
            },
        ),
        migrations.AddField(
            model_name="campaign",
            name="content_areas",
            field=models.JSONField(default=list, verbose_name="Lĩnh vực, nội dung thi đua"),
        ),
        migrations.AddField(
            model_name="campaign",
            name="folded_words",
            field=units.models.folded.FoldedField(
                default="", editable=False, max_length=1000, of=("title", "theme", "plan_number", "plan_name")
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="method",
            field=models.CharField(
                blank=True,
                choices=[("yearly", "Thi đua thường xuyên hằng năm"), ("thematic", "Thi đua theo chuyên đề")],
                max_length=10,
                verbose_name="Phương thức tổ chức",
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="responds_to",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="responses",
                to="campaigns.campaign",
                verbose_name="Hưởng ứng phong trào",
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="scope",
            field=models.CharField(
                blank=True,
                choices=[
                    ("sector", "Toàn ngành"),
                    ("branch", "Đơn vị phát động và các đơn vị trực thuộc"),
                    ("cluster", "Khu vực, cụm, khối thi đua"),
                    ("unit", "Trong một đơn vị"),
                ],
                max_length=10,
                verbose_name="Phạm vi",
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="theme",
            field=models.CharField(blank=True, max_length=300, verbose_name="Chủ đề"),
        ),
        migrations.AddField(
            model_name="obligation",
            name="planned",
            field=models.JSONField(default=dict, verbose_name="Theo kế hoạch"),
        ),
        migrations.AddField(
            model_name="phase",
            name="is_whole",
            field=models.BooleanField(default=False, verbose_name="Cả thời gian phong trào"),
        ),
        migrations.AddField(
            model_name="plandraft",
            name="content_areas",
            field=models.JSONField(default=list, verbose_name="Lĩnh vực, nội dung thi đua"),
        ),
        migrations.AddField(
            model_name="plandraft",
            name="method",
            field=models.CharField(
                blank=True,
                choices=[("yearly", "Thi đua thường xuyên hằng năm"), ("thematic", "Thi đua theo chuyên đề")],
                max_length=10,
                verbose_name="Phương thức tổ chức",
            ),
        ),
        migrations.AddField(
            model_name="plandraft",
            name="origin",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="campaigns.campaign",
            ),
        ),
        migrations.AddField(
            model_name="plandraft",
            name="responds_to",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="campaigns.campaign",
            ),
        ),
        migrations.AddField(
            model_name="plandraft",
            name="scope",
            field=models.CharField(
                blank=True,
                choices=[
                    ("sector", "Toàn ngành"),
                    ("branch", "Đơn vị phát động và các đơn vị trực thuộc"),
                    ("cluster", "Khu vực, cụm, khối thi đua"),
                    ("unit", "Trong một đơn vị"),
                ],
                max_length=10,
                verbose_name="Phạm vi",
            ),
        ),
        migrations.AddField(
            model_name="plandraft",
            name="theme",
            field=models.CharField(blank=True, max_length=300, verbose_name="Chủ đề"),
        ),
        migrations.AddField(
            model_name="plandraftitem",
            name="before",
            field=models.JSONField(default=dict, verbose_name="Trước khi chuyển"),
        ),
        migrations.AlterField(
            model_name="campaign",
            name="kind",
            field=models.CharField(
                choices=[
                    ("regular", "Thi đua thường xuyên hằng năm"),
                    ("thematic", "Thi đua chuyên đề"),
                    ("drive", "Thi đua theo đợt"),
                    ("peak", "Thi đua cao điểm"),
                    ("period", "Thi đua theo giai đoạn"),
                ],
                max_length=20,
                verbose_name="Loại",
            ),
        ),
        migrations.AlterField(
            model_name="plandraft",
            name="kind",
            field=models.CharField(
                blank=True,
                choices=[
                    ("regular", "Thi đua thường xuyên hằng năm"),
                    ("thematic", "Thi đua chuyên đề"),
                    ("drive", "Thi đua theo đợt"),
                    ("peak", "Thi đua cao điểm"),
                    ("period", "Thi đua theo giai đoạn"),
                ],
                max_length=20,
                verbose_name="Loại",
            ),
        ),
        write_rows(rename_kinds, "campaigns_plandraft"),
        write_rows(fold_words),
        write_rows(mark_whole),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("responds_to__isnull", True),
                    models.Q(("responds_to", models.F("id")), _negated=True),
                    _connector="OR",
                ),
                name="campaign_responds_to_another",
                violation_error_message="Phong trào không hưởng ứng chính nó.",
            ),
        ),
        migrations.AddConstraint(
            model_name="phase",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("is_whole", False)),
                expressions=[
                    (campaigns.models.plan.KeyRange("campaign", "campaign", models.Value("[]")), "&&"),
                    (campaigns.models.plan.DayRange("opens_on", "closes_on", models.Value("[]")), "&&"),
                ],
                name="phases_of_a_campaign_apart",
                violation_error_message="Các đợt của một phong trào không được chồng lên nhau.",
            ),
        ),
        migrations.AddField(
            model_name="campaigndelivery",
            name="addressee",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="units.unit",
                verbose_name="Đơn vị nhận",
            ),
        ),
        migrations.AddField(
            model_name="campaigndelivery",
            name="campaign",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="deliveries", to="campaigns.campaign"
            ),
        ),
        migrations.AddField(
            model_name="campaigndelivery",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit", verbose_name="Đơn vị"
            ),
        ),
        migrations.AddField(
            model_name="campaignreceipt",
            name="campaign",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="receipts", to="campaigns.campaign"
            ),
        ),
        migrations.AddField(
            model_name="campaignreceipt",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit", verbose_name="Đơn vị"
            ),
        ),
        migrations.AddField(
            model_name="phasedoor",
            name="phase",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="doors", to="campaigns.phase"
            ),
        ),
        migrations.AddIndex(
            model_name="campaigndelivery",
            index=models.Index(fields=["unit_path", "campaign"], name="campaign_delivery_scope"),
        ),
        migrations.AddConstraint(
            model_name="campaigndelivery",
            constraint=models.UniqueConstraint(fields=("campaign", "addressee"), name="campaign_delivered_once"),
        ),
        migrations.AddIndex(
            model_name="campaignreceipt",
            index=models.Index(fields=["unit_path", "-sent_on"], name="campaign_receipt_scope"),
        ),
        migrations.AddIndex(
            model_name="campaignreceipt",
            index=models.Index(
                condition=models.Q(("acknowledged_at__isnull", True)), fields=["unit"], name="campaign_receipt_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="campaignreceipt",
            constraint=models.UniqueConstraint(fields=("unit", "campaign"), name="campaign_received_once"),
        ),
        migrations.AddConstraint(
            model_name="campaignreceipt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("acknowledged_at__isnull", True), ("acknowledged_label", "")),
                    models.Q(("acknowledged_at__isnull", False), models.Q(("acknowledged_label", ""), _negated=True)),
                    _connector="OR",
                ),
                name="campaign_receipt_acknowledged_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="phasedoor",
            constraint=models.UniqueConstraint(fields=("phase", "door"), name="phase_door_once"),
        ),
        migrations.AddConstraint(
            model_name="phasedoor",
            constraint=models.CheckConstraint(
                condition=models.Q(("closes_on__gte", models.F("opens_on"))),
                name="phase_door_closes_after_it_opens",
                violation_error_message="Ngày đóng phải từ ngày mở trở đi.",
            ),
        ),
        fence_unit_path("campaigns_campaignreceipt", "campaigns_campaigndelivery"),
    ]
