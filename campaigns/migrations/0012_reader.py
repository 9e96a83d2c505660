import campaigns.models.drafts
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0011_clusters_more"),
        ("units", "0016_retention"),
    ]

    operations = [
        migrations.AddField(
            model_name="plandraft",
            name="cluster_year",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="campaigns.clusteryear",
                verbose_name="Khu vực, cụm, khối",
            ),
        ),
        migrations.AddField(
            model_name="plandraft",
            name="file",
            field=models.FileField(
                blank=True,
                editable=False,
                max_length=200,
                upload_to=campaigns.models.drafts.plan_path,
                verbose_name="Tệp",
            ),
        ),
        migrations.AddField(
            model_name="plandraftitem",
            name="is_added",
            field=models.BooleanField(default=False, verbose_name="Do cán bộ thêm"),
        ),
        migrations.AddField(
            model_name="plandraftitem",
            name="reason",
            field=models.CharField(blank=True, max_length=300, verbose_name="Lý do thêm"),
        ),
        migrations.AddField(
            model_name="quota",
            name="percent",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="Không quá (phần trăm)"),
        ),
        migrations.AddField(
            model_name="quota",
            name="percent_of",
            field=models.CharField(blank=True, max_length=200, verbose_name="Phần trăm của"),
        ),
        migrations.AddField(
            model_name="quota",
            name="rounding",
            field=models.CharField(
                blank=True,
                choices=[
                    ("down", "làm tròn xuống"),
                    ("nearest", "làm tròn đến số gần nhất, từ một nửa thì lên"),
                    ("up", "làm tròn lên"),
                ],
                max_length=10,
                verbose_name="Cách làm tròn",
            ),
        ),
        migrations.AlterField(
            model_name="quota",
            name="limit",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="Không quá"),
        ),
        migrations.AddConstraint(
            model_name="plandraftitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("line__gte", 1),
                    models.Q(("is_added", True), models.Q(("reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="plan_item_has_words_or_a_reason",
                violation_error_message="Chọn dòng trong văn bản, hoặc ghi lý do thêm mục này.",
            ),
        ),
        migrations.AddConstraint(
            model_name="quota",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("limit__isnull", False), ("percent__isnull", True), ("rounding", "")),
                    models.Q(
                        ("limit__isnull", True),
                        ("percent__gte", 1),
                        ("percent__lte", 100),
                        models.Q(("rounding", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="quota_is_a_number_or_a_share",
                violation_error_message="Ghi một số lượng, hoặc một tỷ lệ phần trăm và cách làm tròn.",
            ),
        ),
    ]
