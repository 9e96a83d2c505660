"""What stands before a region's year begins: the register, the region, and a few invented people with accounts.

Run inside the installation by `manage.py shell`. The members are the 28 of the region, as the ministry's decision of
2021 lists them; people work at three of them only, and everybody else never sends anything.
"""

from datetime import date

from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import transaction

from campaigns.plan_file import read_shipped_plans
from campaigns.services.clusters import found_cluster
from tests.story.conftest import PASSWORD
from units.models import Membership, Unit, User
from units.register_rules import list_north_2021
from units.roles import Role
from units.scoping import maintenance_scope
from units.services.register import load_catalogues, load_register

SINCE = date(2021, 1, 1)
# The ministry, who is written to, and the provinces; what stands below them has no part in this year.
KINDS = {"bo", "tong-cuc", "vu", "so-tu-phap", "cuc-thads"}
ACCOUNTS = (
    ("chuyenvien.bo", "Mạc Thị Ví Dụ", "BTP", Role.STAFF),
    ("canbo.yenbai", "Lò Văn Thử", "STP-YBI", Role.CLERK),
    ("giamdoc.yenbai", "Hà Văn Giả Định", "STP-YBI", Role.HEAD),
    ("thuongtruc.yenbai", "Sùng Thị Mẫu", "STP-YBI", Role.SECRETARIAT),
    ("canbo.tuyenquang", "Ma Thị Minh Họa", "STP-TQU", Role.CLERK),
    ("giamdoc.tuyenquang", "Quan Văn Mẫu", "STP-TQU", Role.HEAD),
    ("canbo.laocai", "Vàng Thị Thử", "CTHADS-LCA", Role.CLERK),
    ("cuctruong.laocai", "Giàng Văn Ví Dụ", "CTHADS-LCA", Role.HEAD),
)


def write() -> None:
    with maintenance_scope("the ground of a story"), transaction.atomic():
        load_register([row for row in list_north_2021() if row.kind in KINDS])
        load_catalogues()
        units = {unit.code: unit for unit in Unit.objects.all()}
        planned = next(plan.cluster for plan in read_shipped_plans() if plan.cluster)
        found_cluster(planned, {code: units[code] for code in planned.members})
        password = make_password(PASSWORD)
        for name, shown, code, role in ACCOUNTS:
            account = User.objects.create(
                username=name, display_name=shown, email=f"{name}@example.vn", password=password
            )
            Membership.objects.create(user=account, unit=units[code], role=role, valid_from=SINCE)
    call_command("load_clusters", verbosity=0)
