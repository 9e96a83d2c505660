"""What crosses between units of a cluster crosses as a copy, laid by the one who sends it.

Everything is found and checked in the actor's own scope first. Only then `both_sides` opens the scope that sees every
unit, for writing the copies and nothing else; nothing read inside it is ever shown. The same way transfers go
(`units.services.transfers`).
"""

from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile

from campaigns.models import ClusterFile, ClusterMember, ClusterYear
from units.models import Unit
from units.refusals import RefusedError
from units.scoping import Scope, maintenance_scope
from units.uploads import check_upload, flush_file

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


def both_sides() -> AbstractContextManager[Scope]:
    return maintenance_scope("members of a cluster do not see each other; what one sends is laid with the other")


def keep_file(file: "UploadedFile[bytes]", unit: Unit, *, at: datetime) -> ClusterFile:
    """Check a file and keep it with `unit`. Refuses what `check_upload` refuses; on the disk before its row commits."""
    checked = check_upload(file)
    kept = ClusterFile(
        unit=unit,
        file_name=checked.name,
        media_type=checked.media_type,
        size=len(checked.content),
        sha256=checked.sha256,
        added_at=at,
    )
    kept.file.save(checked.name, ContentFile(checked.content), save=False)
    flush_file(Path(kept.file.path))
    kept.save(force_insert=True)
    return kept


def copy_file(kept: ClusterFile, unit: Unit, *, at: datetime) -> ClusterFile:
    """The same paper as `unit` holds it: a row of its own, the same bytes. Inside `both_sides`."""
    return ClusterFile.objects.create(
        unit=unit,
        file=kept.file.name,
        file_name=kept.file_name,
        media_type=kept.media_type,
        size=kept.size,
        sha256=kept.sha256,
        added_at=at,
    )


def require_membership(year: ClusterYear, unit: Unit) -> ClusterMember:
    """The unit's place in the cluster that year; refuses a unit that has none."""
    found = ClusterMember.objects.filter(year=year, member=unit).first()
    if found is None:
        raise RefusedError(
            f"{unit} không phải thành viên của {year}.",
            why="Việc trong khu vực, cụm, khối chỉ dành cho thành viên của năm đó.",
            remedy="Xem danh sách thành viên; nếu thiếu, đề nghị cơ quan quản lý khu vực, cụm, khối bổ sung.",
            way_out=(year.get_absolute_url(), "Xem danh sách thành viên"),
        )
    return found


def require_head(year: ClusterYear, head: Unit | None, unit: Unit) -> None:
    """Refuse whoever does not lead the year's work today; `head` is who does (`find_acting_head`)."""
    if head is None or head.pk != unit.pk:
        leads = f"{head} đang chủ trì" if head else "năm này chưa có đơn vị trưởng"
        raise RefusedError(
            f"{unit} không chủ trì công việc của {year}.",
            why=f"Theo danh sách thành viên, {leads}.",
            remedy="Liên hệ đơn vị trưởng; nếu danh sách chưa đúng, đề nghị cơ quan quản lý sửa.",
            way_out=(year.get_absolute_url(), "Xem danh sách thành viên"),
        )
