import django.db.models.deletion
import units.scoping
import uuid
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Now

from units.migration_operations import fence_unit_path, write_rows


def close_old_promises(apps, schema_editor):
    """The first release promised mails by a task that is gone. What they said stands on the page of reminders."""
    promises = apps.get_model("units", "OutboxMessage").objects.filter(task="campaigns.tasks.send_digest")
    promises.filter(done_at=None).update(done_at=Now(), last_error="")


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0010_targets"),
        ("units", "0018_mail_bounces"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReceivedFiling",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("unit_path", units.scoping.UnitPathField(db_collation="C", editable=False, max_length=120)),
                ("submission", models.UUIDField(editable=False)),
                ("assignment", models.UUIDField(editable=False)),
                (
                    "received_as",
                    models.CharField(
                        choices=[("addressee", "Nơi nhận"), ("copy", "Bản gửi đơn vị phó")],
                        max_length=10,
                        verbose_name="Nhận với tư cách",
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(verbose_name="Lần")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Đang soạn"),
                            ("sent", "Đã gửi, chờ tiếp nhận"),
                            ("received", "Đã tiếp nhận"),
                            ("approved", "Đã duyệt"),
                            ("returned", "Bị trả lại"),
                            ("withdrawn", "Đã rút"),
                        ],
                        max_length=12,
                        verbose_name="Tình trạng",
                    ),
                ),
                ("document_number", models.CharField(blank=True, max_length=60, verbose_name="Số, ký hiệu văn bản")),
                ("document_date", models.DateField(blank=True, null=True, verbose_name="Ngày văn bản")),
                ("message", models.TextField(blank=True, max_length=1000, verbose_name="Lời nhắn gửi kèm")),
                ("lines", models.JSONField(default=list, verbose_name="Nội dung đăng ký")),
                ("last_day", models.DateField(blank=True, null=True, verbose_name="Hạn khi gửi")),
                ("sent_label", models.CharField(max_length=240)),
                ("sent_at", models.DateTimeField(verbose_name="Gửi lúc")),
                ("counted_at", models.DateTimeField()),
                ("receipt_code", models.CharField(max_length=12, verbose_name="Mã tiếp nhận")),
                ("received_label", models.CharField(blank=True, max_length=240)),
                ("received_at", models.DateTimeField(blank=True, null=True, verbose_name="Tiếp nhận lúc")),
                ("answered_label", models.CharField(blank=True, max_length=240)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("answer", models.TextField(blank=True, max_length=2000, verbose_name="Ý kiến")),
            ],
            options={
                "ordering": ["-sent_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="ReceivedPaper",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("unit_path", units.scoping.UnitPathField(db_collation="C", editable=False, max_length=120)),
                ("paper", models.CharField(blank=True, max_length=200, verbose_name="Giấy tờ")),
                ("pages", models.PositiveIntegerField(blank=True, null=True, verbose_name="Số trang")),
                ("is_estimated", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["paper", "file__file_name", "id"],
            },
        ),
        migrations.CreateModel(
            name="ReturnLetter",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("unit_path", units.scoping.UnitPathField(db_collation="C", editable=False, max_length=120)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Chờ gửi"),
                            ("sending", "Đang gửi"),
                            ("sent", "Đã gửi thư"),
                            ("dropped", "Không gửi thư, việc đã xong"),
                            ("carried", "Nhắc lại ở thư sau"),
                            ("refused", "Máy chủ thư từ chối địa chỉ"),
                            ("no-address", "Không có địa chỉ thư"),
                            ("bounced", "Thư không tới, bị gửi trả"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("handed_over_at", models.DateTimeField(blank=True, null=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="Đã đọc lúc")),
            ],
            options={
                "ordering": ["-submission__answered_at", "id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="scoresheet",
            name="score_sheet_once_a_year",
        ),
        migrations.AddField(
            model_name="directreminder",
            name="handed_over_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="inspectionplan",
            name="counts_working_days",
            field=models.BooleanField(default=False, verbose_name="Chỉ đếm ngày làm việc"),
        ),
        migrations.AddField(
            model_name="inspectionplan",
            name="result_citation",
            field=models.CharField(blank=True, max_length=200, verbose_name="Căn cứ của thời hạn gửi kết quả"),
        ),
        migrations.AddField(
            model_name="inspectionplan",
            name="result_days",
            field=models.PositiveSmallIntegerField(default=10, verbose_name="Số ngày để gửi kết quả"),
        ),
        migrations.AddField(
            model_name="obligation",
            name="copies_to",
            field=models.ManyToManyField(
                blank=True, related_name="+", to="units.unit", verbose_name="Gửi thêm bản sao cho"
            ),
        ),
        migrations.AddField(
            model_name="obligation",
            name="owed_by_heads",
            field=models.BooleanField(default=False, verbose_name="Việc của các đơn vị trưởng"),
        ),
        migrations.AlterField(
            model_name="directreminder",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Chờ gửi"),
                    ("sending", "Đang gửi"),
                    ("sent", "Đã gửi thư"),
                    ("dropped", "Không gửi thư, việc đã xong"),
                    ("carried", "Nhắc lại ở thư sau"),
                    ("refused", "Máy chủ thư từ chối địa chỉ"),
                    ("no-address", "Không có địa chỉ thư"),
                    ("bounced", "Thư không tới, bị gửi trả"),
                ],
                default="waiting",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="reminderdigest",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Chờ gửi"),
                    ("sending", "Đang gửi"),
                    ("sent", "Đã gửi thư"),
                    ("dropped", "Không gửi thư, việc đã xong"),
                    ("carried", "Nhắc lại ở thư sau"),
                    ("refused", "Máy chủ thư từ chối địa chỉ"),
                    ("no-address", "Không có địa chỉ thư"),
                    ("bounced", "Thư không tới, bị gửi trả"),
                ],
                default="waiting",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="reminderletter",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Chờ gửi"),
                    ("sending", "Đang gửi"),
                    ("sent", "Đã gửi thư"),
                    ("dropped", "Không gửi thư, việc đã xong"),
                    ("carried", "Nhắc lại ở thư sau"),
                    ("refused", "Máy chủ thư từ chối địa chỉ"),
                    ("no-address", "Không có địa chỉ thư"),
                    ("bounced", "Thư không tới, bị gửi trả"),
                ],
                default="waiting",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="scoresheet",
            name="side",
            field=models.CharField(
                choices=[
                    ("member", "Của đơn vị"),
                    ("head", "Ở đơn vị chủ trì"),
                    ("team", "Ở thành viên Đoàn kiểm tra"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="inspectionplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("result_days__gte", 1)),
                name="inspection_plan_gives_days_for_the_result",
                violation_error_message="Thời hạn gửi kết quả ít nhất là một ngày.",
            ),
        ),
        migrations.AddConstraint(
            model_name="scoresheet",
            constraint=models.UniqueConstraint(
                condition=models.Q(("side__in", ["member", "head"])),
                fields=("year", "about", "side"),
                name="score_sheet_once_a_year_and_side",
            ),
        ),
        migrations.AddConstraint(
            model_name="scoresheet",
            constraint=models.UniqueConstraint(
                condition=models.Q(("side", "team")),
                fields=("year", "about", "unit"),
                name="score_sheet_once_a_team_unit",
            ),
        ),
        migrations.AddField(
            model_name="receivedfiling",
            name="obligation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.obligation"
            ),
        ),
        migrations.AddField(
            model_name="receivedfiling",
            name="sender",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="units.unit",
                verbose_name="Đơn vị gửi",
            ),
        ),
        migrations.AddField(
            model_name="receivedfiling",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit", verbose_name="Đơn vị"
            ),
        ),
        migrations.AddField(
            model_name="receivedpaper",
            name="file",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.clusterfile"
            ),
        ),
        migrations.AddField(
            model_name="receivedpaper",
            name="filing",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="papers", to="campaigns.receivedfiling"
            ),
        ),
        migrations.AddField(
            model_name="receivedpaper",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit", verbose_name="Đơn vị"
            ),
        ),
        migrations.AddField(
            model_name="returnletter",
            name="recipient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="returnletter",
            name="submission",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="return_letters", to="campaigns.submission"
            ),
        ),
        migrations.AddField(
            model_name="returnletter",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit", verbose_name="Đơn vị"
            ),
        ),
        migrations.AddIndex(
            model_name="receivedfiling",
            index=models.Index(fields=["unit_path", "-sent_at"], name="received_filing_scope"),
        ),
        migrations.AddConstraint(
            model_name="receivedfiling",
            constraint=models.UniqueConstraint(fields=("unit", "submission"), name="received_filing_once_for_a_unit"),
        ),
        migrations.AddConstraint(
            model_name="receivedfiling",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "returned"), _negated=True),
                    models.Q(("answer", ""), _negated=True),
                    _connector="OR",
                ),
                name="received_filing_returned_with_reasons",
            ),
        ),
        migrations.AddIndex(
            model_name="returnletter",
            index=models.Index(fields=["recipient", "read_at"], name="return_letter_of_a_person"),
        ),
        migrations.AddConstraint(
            model_name="returnletter",
            constraint=models.UniqueConstraint(fields=("submission", "recipient"), name="return_told_once"),
        ),
        write_rows(close_old_promises),
        fence_unit_path("campaigns_receivedfiling", "campaigns_receivedpaper", "campaigns_returnletter"),
    ]
