import django.db.models.deletion
import units.scoping
import uuid
from django.conf import settings
from django.db import migrations, models

from units.migration_operations import fence_unit_path


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0009_cascade"),
        ("units", "0016_retention"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="obligation",
            name="holds_indicators",
            field=models.BooleanField(default=True, verbose_name="Có ghi chỉ tiêu"),
        ),
        migrations.AddField(
            model_name="scoresheet",
            name="reported",
            field=models.JSONField(blank=True, default=dict, editable=False),
        ),
        migrations.CreateModel(
            name="Indicator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, verbose_name="Mã")),
                ("title", models.CharField(max_length=300, verbose_name="Chỉ tiêu")),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("percent", "Tỷ lệ phần trăm"),
                            ("count", "Số lượng (số nguyên)"),
                            ("number", "Số có phần lẻ"),
                            ("yes-no", "Có hoặc không"),
                        ],
                        max_length=10,
                        verbose_name="Cách tính",
                    ),
                ),
                ("measured_in", models.CharField(blank=True, max_length=40, verbose_name="Đơn vị tính")),
                (
                    "direction",
                    models.CharField(
                        choices=[
                            ("more", "Càng nhiều càng tốt"),
                            ("less", "Càng ít càng tốt"),
                            ("exact", "Đúng bằng mức giao"),
                        ],
                        max_length=10,
                        verbose_name="Hướng",
                    ),
                ),
                (
                    "half_year",
                    models.CharField(
                        choices=[
                            ("none", "Không báo cáo"),
                            ("optional", "Báo cáo nếu có số liệu"),
                            ("required", "Bắt buộc"),
                        ],
                        default="optional",
                        max_length=10,
                        verbose_name="Báo cáo 6 tháng",
                    ),
                ),
                (
                    "yearly",
                    models.CharField(
                        choices=[
                            ("none", "Không báo cáo"),
                            ("optional", "Báo cáo nếu có số liệu"),
                            ("required", "Bắt buộc"),
                        ],
                        default="required",
                        max_length=10,
                        verbose_name="Báo cáo năm",
                    ),
                ),
                ("citation", models.CharField(blank=True, max_length=200, verbose_name="Căn cứ")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="Thôi dùng từ ngày")),
                ("end_reason", models.CharField(blank=True, max_length=400, verbose_name="Lý do thôi dùng")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="indicators", to="campaigns.campaign"
                    ),
                ),
            ],
            options={
                "ordering": ["campaign", "id"],
            },
        ),
        migrations.CreateModel(
            name="IndicatorTarget",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "unit_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("bo", "Bộ"),
                            ("tong-cuc", "Tổng cục"),
                            ("vu", "Vụ"),
                            ("cuc-bo", "Cục thuộc Bộ"),
                            ("cuc-thads", "Cục Thi hành án dân sự"),
                            ("thads-tinh", "Thi hành án dân sự tỉnh, thành phố"),
                            ("phong", "Phòng"),
                            ("chi-cuc", "Chi cục Thi hành án dân sự"),
                            ("phong-khu-vuc", "Phòng Thi hành án dân sự khu vực"),
                            ("so-tu-phap", "Sở Tư pháp"),
                            ("phong-tu-phap", "Phòng Tư pháp"),
                            ("truong", "Trường"),
                            ("trung-tam", "Trung tâm"),
                            ("vien", "Viện"),
                        ],
                        default="",
                        max_length=20,
                        verbose_name="Loại đơn vị",
                    ),
                ),
                (
                    "level",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=20, null=True, verbose_name="Mức giao"
                    ),
                ),
                ("applies_from", models.DateField(verbose_name="Áp dụng từ ngày")),
                ("reason", models.CharField(blank=True, max_length=400, verbose_name="Lý do")),
                ("recorded_at", models.DateTimeField(blank=True, null=True, verbose_name="Ghi lúc")),
                (
                    "addressee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.unit",
                        verbose_name="Đơn vị",
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="targets", to="campaigns.indicator"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["indicator", "-applies_from", "-id"],
            },
        ),
        migrations.CreateModel(
            name="IndicatorValue",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("unit_path", units.scoping.UnitPathField(db_collation="C", editable=False, max_length=120)),
                ("year", models.PositiveSmallIntegerField(verbose_name="Năm")),
                ("half", models.PositiveSmallIntegerField(default=0, verbose_name="Nửa năm")),
                ("value", models.DecimalField(decimal_places=4, max_digits=20, verbose_name="Số liệu")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="Thuyết minh")),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.indicator"
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="indicator_values",
                        to="campaigns.submission",
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
                "ordering": ["indicator_id", "id"],
            },
        ),
        migrations.AddConstraint(
            model_name="indicator",
            constraint=models.UniqueConstraint(fields=("campaign", "code"), name="indicator_code_once_in_a_campaign"),
        ),
        migrations.AddConstraint(
            model_name="indicator",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("measure", "yes-no"), _negated=True), ("direction", "exact"), _connector="OR"
                ),
                name="indicator_yes_or_no_is_exact",
                violation_error_message="Chỉ tiêu có hoặc không thì hướng là đúng bằng mức giao.",
            ),
        ),
        migrations.AddConstraint(
            model_name="indicatortarget",
            constraint=models.CheckConstraint(
                condition=models.Q(("addressee__isnull", True), ("unit_kind", ""), _connector="OR"),
                name="target_of_a_unit_or_a_kind",
            ),
        ),
        migrations.AddIndex(
            model_name="indicatorvalue",
            index=models.Index(fields=["unit_path", "year"], name="indicator_value_scope_year"),
        ),
        migrations.AddConstraint(
            model_name="indicatorvalue",
            constraint=models.UniqueConstraint(
                fields=("submission", "indicator"), name="indicator_value_once_in_a_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="indicatorvalue",
            constraint=models.CheckConstraint(
                condition=models.Q(("half__in", (0, 1, 2))), name="indicator_value_of_a_half_or_a_year"
            ),
        ),
        fence_unit_path("campaigns_indicatorvalue"),
    ]
