"""Print who can sign in to the demonstration, by role."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from awards.management.commands.load_demonstration import PASSWORD
from units.models import Membership
from units.roles import Role


class Command(BaseCommand):
    help = "In các tài khoản trình diễn theo vai trò."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION_DAY:
            raise CommandError("Không có tài khoản trình diễn: DEMONSTRATION_DAY chưa đặt.")
        self.stdout.write(f"{'Vai trò':<22} {'Đơn vị':<34} {'Tên đăng nhập':<26} Mật khẩu")
        memberships = Membership.objects.select_related("user", "unit").order_by("unit__path", "user__username")
        for role in Role:
            for membership in memberships.filter(role=role):
                self.stdout.write(
                    f"{role.label:<22} {membership.unit.short_name:<34} {membership.user.username:<26} {PASSWORD}"
                )
