"""The first account of a real installation: an invitation to administer a unit, and no password on a command line."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils.timezone import localdate

from units.clock import now, today
from units.models import Unit
from units.refusals import RefusedError
from units.scoping import unit_scope
from units.services.invitations import invite_administrator


class Command(BaseCommand):
    help = "Mời quản trị đầu tiên của một đơn vị bằng thư; người nhận tự đặt mật khẩu."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("unit", help="mã đơn vị, ví dụ BTP")
        parser.add_argument("email", help="thư điện tử của người được mời")
        parser.add_argument("name", help="họ và tên")
        parser.add_argument(
            "--print-link", action="store_true", help="in đường dẫn ra màn hình, khi máy chủ thư chưa dùng được"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        unit = Unit.objects.filter(code=options["unit"]).first()
        if unit is None:
            raise CommandError(f"Không có đơn vị mang mã {options['unit']}. Nạp danh mục đơn vị trước, rồi chạy lại.")
        try:
            validate_email(options["email"])
        except ValidationError as error:
            raise CommandError(f"{options['email']} không phải là địa chỉ thư. Ví dụ: ten.ho@tinh.gov.vn") from error
        try:
            with unit_scope(unit.path):
                invitation, link, is_sent_again = invite_administrator(
                    unit, options["email"], options["name"], at=now(), day=today()
                )
        except RefusedError as refusal:
            raise CommandError(str(refusal)) from refusal
        if is_sent_again:
            self.stdout.write(
                f"Đã có lời mời quản trị {unit.name} đang chờ {invitation.email}: đã gửi lại thư với đường dẫn mới, "
                f"đường dẫn cũ không còn hiệu lực. Họ và tên giữ như lời mời cũ: {invitation.display_name}."
            )
        else:
            self.stdout.write(f"Đã gửi lời mời quản trị {unit.name} tới {invitation.email}.")
        self.stdout.write(f"Đường dẫn dùng một lần, đến {localdate(invitation.expires_at):%d/%m/%Y}.")
        if options["print_link"]:
            self.stdout.write(link)
