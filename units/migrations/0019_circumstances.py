import django.db.models.deletion
import units.scoping
import uuid
from django.db import migrations, models

from units.migration_operations import fence_unit_path, follow_person


class Migration(migrations.Migration):
    dependencies = [
        ("units", "0018_mail_bounces"),
    ]

    operations = [
        migrations.CreateModel(
            name="Circumstance",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("unit_path", units.scoping.UnitPathField(db_collation="C", editable=False, max_length=120)),
                (
                    "holder_path",
                    units.scoping.HolderPathField(db_collation="C", editable=False, max_length=120, null=True),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("maternity", "Nghỉ thai sản"),
                            ("sick", "Nghỉ ốm"),
                            ("study", "Đi học"),
                            ("rescue", "Nghỉ vì bị thương khi cứu người, cứu tài sản"),
                            ("other", "Nghỉ vì lý do khác"),
                            ("discipline", "Đang xem xét kỷ luật"),
                            ("inspection", "Đang thanh tra, kiểm tra"),
                            ("complaint", "Đang xác minh đơn thư"),
                        ],
                        max_length=12,
                        verbose_name="Nội dung",
                    ),
                ),
                ("first_day", models.DateField(verbose_name="Từ ngày")),
                ("last_day", models.DateField(blank=True, null=True, verbose_name="Đến hết ngày")),
                ("decision_number", models.CharField(blank=True, max_length=60, verbose_name="Số văn bản")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="circumstances", to="units.person"
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
                "ordering": ["-first_day", "id"],
                "indexes": [
                    models.Index(fields=["unit_path", "first_day"], name="circumstance_scope_day"),
                    models.Index(fields=["holder_path", "first_day"], name="circumstance_holder_day"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("person", "kind", "first_day"), name="circumstance_once_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("last_day__isnull", True), ("last_day__gte", models.F("first_day")), _connector="OR"
                        ),
                        name="circumstance_ends_after_it_begins",
                        violation_error_message="Ngày cuối phải từ ngày đầu trở đi.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("last_day__isnull", False),
                            ("kind__in", ["complaint", "discipline", "inspection"]),
                            _connector="OR",
                        ),
                        name="circumstance_leave_has_a_last_day",
                        violation_error_message="Đợt nghỉ phải có ngày cuối.",
                    ),
                ],
            },
        ),
        fence_unit_path("units_circumstance"),
        follow_person("units_circumstance"),
    ]
