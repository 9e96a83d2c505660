import django.db.models.deletion
import units.scoping
import uuid
from django.conf import settings
from django.db import migrations, models

from units.migration_operations import fence_unit_path


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0006_clusters"),
        ("units", "0016_retention"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PlanDraft",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("unit_path", units.scoping.UnitPathField(db_collation="C", editable=False, max_length=120)),
                ("file_name", models.CharField(max_length=200, verbose_name="Tên tệp")),
                ("sha256", models.CharField(editable=False, max_length=64)),
                ("text", models.TextField(editable=False)),
                ("number", models.CharField(blank=True, max_length=60, verbose_name="Số kế hoạch")),
                (
                    "issuer_words",
                    models.CharField(blank=True, max_length=200, verbose_name="Nơi ban hành theo văn bản"),
                ),
                ("place", models.CharField(blank=True, max_length=60, verbose_name="Địa danh")),
                ("issued_on", models.DateField(blank=True, null=True, verbose_name="Ngày ban hành")),
                ("title", models.CharField(blank=True, max_length=300, verbose_name="Tên phong trào")),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("regular", "Thi đua thường xuyên"),
                            ("thematic", "Thi đua chuyên đề"),
                            ("phased", "Thi đua theo đợt"),
                            ("peak", "Thi đua cao điểm"),
                            ("exemplars", "Xây dựng điển hình tiên tiến"),
                            ("cluster-year", "Hoạt động năm của khu vực, cụm, khối thi đua"),
                        ],
                        max_length=20,
                        verbose_name="Loại",
                    ),
                ),
                ("opens_on", models.DateField(blank=True, null=True, verbose_name="Bắt đầu")),
                ("closes_on", models.DateField(blank=True, null=True, verbose_name="Kết thúc")),
                ("header_checked", models.BooleanField(default=False, verbose_name="Đã xem phần đầu")),
                ("warnings", models.JSONField(default=list, verbose_name="Chỗ cần xem lại")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Đang xem lại"), ("launched", "Đã lập phong trào"), ("dropped", "Đã bỏ")],
                        default="draft",
                        max_length=10,
                        verbose_name="Tình trạng",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                ("added_at", models.DateTimeField(verbose_name="Tải lên lúc")),
                ("launched_at", models.DateTimeField(blank=True, null=True, verbose_name="Lập phong trào lúc")),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="campaigns.campaign",
                    ),
                ),
                (
                    "issuer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.unit",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.unit",
                        verbose_name="Đơn vị",
                    ),
                ),
            ],
            options={
                "ordering": ["-added_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="PlanDraftItem",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("unit_path", units.scoping.UnitPathField(db_collation="C", editable=False, max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("basis", "Căn cứ"),
                            ("phase", "Đợt"),
                            ("obligation", "Việc phải làm"),
                            ("quota", "Số lượng được đề nghị"),
                        ],
                        max_length=12,
                        verbose_name="Loại",
                    ),
                ),
                ("order", models.PositiveIntegerField(verbose_name="Thứ tự")),
                ("line", models.PositiveIntegerField(verbose_name="Dòng")),
                ("quote", models.TextField(verbose_name="Câu trong văn bản")),
                ("start", models.PositiveIntegerField()),
                ("end", models.PositiveIntegerField()),
                ("data", models.JSONField(default=dict, verbose_name="Nội dung")),
                (
                    "verdict",
                    models.CharField(
                        choices=[("pending", "Chờ xem"), ("accepted", "Đã nhận"), ("dropped", "Đã bỏ")],
                        default="pending",
                        max_length=10,
                        verbose_name="Kết quả",
                    ),
                ),
                ("is_mended", models.BooleanField(default=False, verbose_name="Đã sửa")),
                ("version", models.PositiveIntegerField(default=0)),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="campaigns.plandraft"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.unit",
                        verbose_name="Đơn vị",
                    ),
                ),
            ],
            options={
                "ordering": ["draft", "order"],
            },
        ),
        migrations.AddIndex(
            model_name="plandraft",
            index=models.Index(fields=["unit_path", "-added_at"], name="plan_draft_scope"),
        ),
        migrations.AddConstraint(
            model_name="plandraft",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "draft")), fields=("unit", "sha256"), name="plan_draft_once_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="plandraftitem",
            constraint=models.UniqueConstraint(fields=("draft", "order"), name="plan_item_order_once"),
        ),
        fence_unit_path("campaigns_plandraft", "campaigns_plandraftitem"),
    ]
